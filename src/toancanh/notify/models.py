"""Delivery to people: inbox, e-mail, push, webhooks; escalation until somebody confirms."""
