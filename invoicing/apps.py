from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "invoicing"

    def ready(self) -> None:
        from invoicing import personal, tasks
        from outbox import jobs, schedule

        personal.parts()
        jobs.register(tasks.PROPOSE, tasks.propose_charges)
        jobs.register(tasks.RAISE, tasks.raise_invoices)
        # After midnight, when the registers of the day are closed and nobody waits for the database.
        schedule.register(tasks.PROPOSE, schedule.Daily(hour=2, minute=30))
