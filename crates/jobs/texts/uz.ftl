jobs-ended-already = Bu ish allaqachon tugagan
jobs-not-ended = Bu ish hali tugamagan
