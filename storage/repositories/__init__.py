"""One repository per port of `bot.services.ports`; all of one transaction share a `storage.unit_of_work.UnitOfWork`."""
