"""Stage render: the guideline as data for other programs: JSON by a published schema, and FHIR R5."""
