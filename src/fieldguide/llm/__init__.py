"""Room of the stage `llm`."""
