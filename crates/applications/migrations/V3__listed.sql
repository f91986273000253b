-- The items that an application says, each once, and where it says no region, the one its person comes from: what has an
-- item is listed from here, in the order in which it came. Derived from choices and people.
CREATE TABLE applications_item (
    workspace_id {id} NOT NULL,
    item_id {id} NOT NULL,
    submitted_at_ms {instant} NOT NULL,
    application_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, item_id, submitted_at_ms, application_id)
--sqlite: ) STRICT, WITHOUT ROWID;
--postgres: );
CREATE INDEX applications_item_of ON applications_item (workspace_id, application_id, item_id);

-- How many applications there are of each form and status (under the nil id), and how many of them have an item, kept as
-- they come: no list counts half a million rows.
CREATE TABLE applications_tally (
    workspace_id {id} NOT NULL,
    item_id {id} NOT NULL,
    form_id {id} NOT NULL,
    status {text} NOT NULL,
    application_count {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, item_id, form_id, status),
    FOREIGN KEY (workspace_id, form_id) REFERENCES applications_form (workspace_id, id)
) {strict};

-- The applications of people who are searched for are counted from the index alone.
DROP INDEX applications_application_applicant;
CREATE INDEX applications_application_applicant
    ON applications_application (workspace_id, applicant_id, submitted_at_ms, id, form_id, status);

-- The applications of every workspace are counted once.
--postgres: SET LOCAL karvon.server = 'on';
INSERT INTO applications_item (workspace_id, item_id, submitted_at_ms, application_id)
SELECT DISTINCT a.workspace_id, c.item_id, a.submitted_at_ms, a.id
FROM applications_choice c JOIN applications_application a ON a.workspace_id = c.workspace_id AND a.id = c.application_id;
INSERT INTO applications_item (workspace_id, item_id, submitted_at_ms, application_id)
SELECT a.workspace_id, p.region_id, a.submitted_at_ms, a.id
FROM applications_application a JOIN applications_applicant p ON p.workspace_id = a.workspace_id AND p.id = a.applicant_id
WHERE p.region_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM applications_choice c JOIN catalog_item i ON i.workspace_id = c.workspace_id AND i.id = c.item_id
        WHERE c.workspace_id = a.workspace_id AND c.application_id = a.id AND i.kind = 'REGION');
INSERT INTO applications_tally (workspace_id, item_id, form_id, status, application_count)
SELECT a.workspace_id,
--sqlite: x'00000000000000000000000000000000',
--postgres: CAST('00000000-0000-0000-0000-000000000000' AS uuid),
    a.form_id, a.status, COUNT(*)
FROM applications_application a GROUP BY a.workspace_id, a.form_id, a.status;
INSERT INTO applications_tally (workspace_id, item_id, form_id, status, application_count)
SELECT a.workspace_id, i.item_id, a.form_id, a.status, COUNT(*)
FROM applications_item i JOIN applications_application a ON a.workspace_id = i.workspace_id AND a.id = i.application_id
GROUP BY a.workspace_id, i.item_id, a.form_id, a.status;
--postgres: SET LOCAL karvon.server = 'off';
