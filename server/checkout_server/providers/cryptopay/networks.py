"""What a merchant tells us of networks and their tokens, and the link by which a wallet knows both (EIP-681)."""

from __future__ import annotations

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from checkout_server.money import Money, exponent_of

EVM_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_SYMBOL = re.compile(r"[A-Z0-9]{2,16}", re.ASCII)


class Token(BaseModel):
    """`contract` is left out for the network's own coin. `decimals` is how finely the contract counts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    contract: str | None = None
    decimals: int = Field(ge=0, le=36)

    @field_validator("contract")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not EVM_ADDRESS.fullmatch(value):
            raise ValueError("a contract's address: 0x and 40 hex digits")
        return value


class Network(BaseModel):
    """One blockchain the merchant takes money on. Without `chain_id` it is one whose payment links we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    title: str | None = Field(None, min_length=1, max_length=40)
    chain_id: int | None = Field(None, ge=1, lt=2**63)
    tokens: dict[str, Token] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_make_links(self) -> Self:
        if self.tokens and self.chain_id is None:
            raise ValueError("tokens are for payment links, and these need a chain_id")
        if not all(_SYMBOL.fullmatch(symbol) for symbol in self.tokens):
            raise ValueError("a token goes by its symbol, such as USDC")
        return self

    def takes_address(self, address: str) -> bool:
        """Whether an address can be one of this network; of a network without chain id nothing is known."""
        return self.chain_id is None or EVM_ADDRESS.fullmatch(address) is not None

    def units(self, amount: Money) -> int | None:
        """The amount as the token's contract counts it; None where it counts too coarsely to say it."""
        decimals = self.tokens[amount.currency].decimals
        finer = decimals - exponent_of(amount.currency)
        if finer >= 0:
            return int(amount.units * 10**finer)
        units, rest = divmod(amount.units, 10**-finer)
        return None if rest else units

    def payment_link(self, address: str, amount: Money) -> str | None:
        """`ethereum:…` with amount, token and network, as EIP-681 writes it; None where the token is not known."""
        token = self.tokens.get(amount.currency)
        if token is None or self.chain_id is None:
            return None
        units = self.units(amount)
        if units is None:
            return None
        if token.contract is None:
            return f"ethereum:{address}@{self.chain_id}?value={units}"
        return f"ethereum:{token.contract}@{self.chain_id}/transfer?address={address}&uint256={units}"


# Of the networks that the provider's document names: their chain ids, and the coin they pay their fees in. Contracts are
# not guessed: a wrong one would send a shopper's money to where nobody looks.
KNOWN: dict[str, Network] = {
    "base": Network(title="Base", chain_id=8453, tokens={"ETH": Token(decimals=18)}),
    "ethereum": Network(title="Ethereum", chain_id=1, tokens={"ETH": Token(decimals=18)}),
    "polygon": Network(title="Polygon", chain_id=137),
}
