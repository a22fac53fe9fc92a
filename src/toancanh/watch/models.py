"""Rules over figures, and the alerts they raise."""
