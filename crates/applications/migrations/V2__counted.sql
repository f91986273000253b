-- Applications of some days are counted from indexes alone: which there are, and what was chosen in each.
CREATE INDEX applications_application_counted
    ON applications_application (workspace_id, submitted_at_ms, form_id, status, applicant_id, id);
CREATE INDEX applications_choice_counted ON applications_choice (workspace_id, application_id, field_key, item_id);
