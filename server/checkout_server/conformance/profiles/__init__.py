"""The profiles of the providers that come with this package. A module with `PROFILE` is found by being there."""
