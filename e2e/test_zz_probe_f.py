"""scratch"""
import pytest, json, time
from e2e.engines import every_browser
pytestmark = pytest.mark.browser
def test_events(shopper, world):
    c = shopper.buys(); p = world.newest()
    c.goes_to_provider().pays(); c.shows("Paid"); c.arrives_in_store("Paid")
    s = p.ends("succeeded", store="paid")
    print(json.dumps(s, indent=1)[:6000])
    import httpx
    print(httpx.get(f"{world.sandbox}/_control/crypto_com/payments", trust_env=False).json()["data"][0])
    print(c.page.url)
    for e in p.log()[-12:]: print(e["direction"], e["method"], e["path"], e["status"], e["at"])
    pg = c.page
    for i in range(3):
        pg.on("framenavigated", lambda f: print("  nav", f.url[:100]))
        pg.go_back(); print("back", i, pg.url[:90]); 
        try: print(pg.locator("h1:visible").all_inner_texts())
        except Exception as e: print(e)
        pg.wait_for_timeout(4000)
        print(" later", pg.url[:90], pg.locator("h1:visible").all_inner_texts())
def test_dbl(shopper, world):
    n = len(list(world.orders))
    pg = shopper.context.new_page(); pg.goto(world.store)
    offer = pg.get_by_role("listitem").filter(has_text="Enamel mug")
    offer.get_by_role("button", name="Buy Enamel mug").dblclick()
    pg.wait_for_timeout(2500)
    print(pg.url, [ (o.id, o.state, list(o.sessions)) for o in world.orders][:len(list(world.orders))-n])
