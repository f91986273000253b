-- How many answered, by gender and region of the student (empty and the nil id where nobody said it), kept as they come.
CREATE TABLE surveys_person_tally (
    workspace_id {id} NOT NULL,
    campaign_id {id} NOT NULL,
    gender {text} NOT NULL,
    region_id {id} NOT NULL,
    response_count {bigint} NOT NULL,
    employed_count {bigint} NOT NULL,
    unemployed_count {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, gender, region_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES surveys_campaign (workspace_id, id)
) {strict};
-- The answers of every workspace are counted once.
--postgres: SET LOCAL karvon.server = 'on';
INSERT INTO surveys_person_tally (workspace_id, campaign_id, gender, region_id, response_count, employed_count, unemployed_count)
SELECT r.workspace_id, r.campaign_id, COALESCE(s.gender, ''),
--sqlite: COALESCE(s.region_id, x'00000000000000000000000000000000'),
--postgres: COALESCE(s.region_id, CAST('00000000-0000-0000-0000-000000000000' AS uuid)),
    COUNT(*), SUM(CASE r.employment_status WHEN 'employed' THEN 1 ELSE 0 END),
    SUM(CASE r.employment_status WHEN 'unemployed' THEN 1 ELSE 0 END)
FROM surveys_response r JOIN surveys_student s ON s.workspace_id = r.workspace_id AND s.id = r.student_id
GROUP BY 1, 2, 3, 4;
--postgres: SET LOCAL karvon.server = 'off';

-- Hours and salaries are counted from these alone.
CREATE INDEX surveys_response_hours ON surveys_response (workspace_id, campaign_id, hours_per_week)
    WHERE hours_per_week IS NOT NULL;
CREATE INDEX surveys_response_salary ON surveys_response (workspace_id, campaign_id, salary_tiyin)
    WHERE salary_tiyin IS NOT NULL;
-- PostgreSQL takes no row so long as consents can be into an index, and reads the table as fast.
--sqlite: CREATE INDEX surveys_response_wishes ON surveys_response (workspace_id, campaign_id, consents, channels) WHERE NOT (consents = '{}' AND channels = '[]');
