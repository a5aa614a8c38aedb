"""What the report, the summary and the live sheet share: looks, pages, columns."""
