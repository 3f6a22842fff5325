"""A page to review a new wave in: what is decided is collected, shown as a diff of the seeds, and written at once.

`review_app.create_app` is the page, `pending_decisions.PendingStore` what a person has decided and not written yet.
"""
