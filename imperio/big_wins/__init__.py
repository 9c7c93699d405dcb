"""Big wins: announced to everybody, kept for who comes later."""
