"""The pure dialogue engine: one event in, a new state and effects out; it never raises for anything a person types."""
