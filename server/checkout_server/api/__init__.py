"""HTTP and nothing else: reading requests, calling the use cases, writing answers."""
