-- A survey: when it is open, and what it is called.
CREATE TABLE surveys_campaign (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    code {text} NOT NULL,
    -- The code as others are compared with it, and as it stands in addresses.
    code_fold {text} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text},
    name_en {text},
    is_active {bool} NOT NULL,
    -- The one that is meant where none is named.
    is_default {bool} NOT NULL,
    opens_on {date},
    closes_on {date},
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code_fold)
) {strict};
CREATE UNIQUE INDEX surveys_campaign_default ON surveys_campaign (workspace_id) WHERE is_default;

-- Who is asked: a student of a campaign's roster.
CREATE TABLE surveys_roster (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    campaign_id {id} NOT NULL,
    student_external_id {text} NOT NULL,
    -- The student's id however it is spelt.
    student_fold {text} NOT NULL,
    program_id {id} NOT NULL,
    course_year {int} CHECK (course_year BETWEEN 1 AND 4),
    is_active {bool} NOT NULL,
    -- A JSON object, as text: its keys stay in the order in which they came.
    metadata {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, campaign_id, student_fold),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES surveys_campaign (workspace_id, id),
    FOREIGN KEY (workspace_id, program_id) REFERENCES catalog_item (workspace_id, id)
) {strict};
CREATE INDEX surveys_roster_program ON surveys_roster (workspace_id, program_id);
-- Those who are asked no more: how many they are is the only count that is not kept.
CREATE INDEX surveys_roster_inactive ON surveys_roster (workspace_id, campaign_id) WHERE NOT is_active;
CREATE INDEX surveys_roster_student ON surveys_roster (workspace_id, student_fold);

-- Who answers: a student with what Telegram calls them.
CREATE TABLE surveys_student (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    student_external_id {text} NOT NULL,
    student_fold {text} NOT NULL,
    -- The row of the roster by which they answered last.
    roster_id {id} NOT NULL,
    -- Nobody any more where their data were erased.
    contact_id {id},
    telegram_user_id {bigint},
    username {text},
    first_name {text},
    last_name {text},
    gender {text},
    phone {text},
    region_id {id},
    lang {text},
    -- The folded words by which they are found.
    search_fold {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    erased_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, student_fold),
    FOREIGN KEY (workspace_id, roster_id) REFERENCES surveys_roster (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id),
    FOREIGN KEY (workspace_id, region_id) REFERENCES catalog_item (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX surveys_student_contact ON surveys_student (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX surveys_student_telegram ON surveys_student (workspace_id, telegram_user_id)
    WHERE telegram_user_id IS NOT NULL;
CREATE INDEX surveys_student_roster ON surveys_student (workspace_id, roster_id);
CREATE INDEX surveys_student_region ON surveys_student (workspace_id, region_id) WHERE region_id IS NOT NULL;
CREATE INDEX surveys_student_list ON surveys_student (workspace_id, updated_at_ms, id);

-- What a student of a roster answered in a campaign.
CREATE TABLE surveys_response (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    campaign_id {id} NOT NULL,
    roster_id {id} NOT NULL,
    student_id {id} NOT NULL,
    program_id {id} NOT NULL,
    course_year {int} CHECK (course_year BETWEEN 1 AND 4),
    employment_status {text} CHECK (employment_status IN ('employed', 'unemployed')),
    company {text},
    role {text},
    hours_per_week {int},
    salary_tiyin {money} CHECK (salary_tiyin >= 0),
    help {text},
    suggestions {text},
    -- JSON as text: keys stay in the order in which they came.
    consents {text} NOT NULL,
    channels {text} NOT NULL,
    answers {text} NOT NULL,
    search_fold {text} NOT NULL,
    submitted_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    -- Nobody has two answers in one campaign, also when they come at once.
    UNIQUE (workspace_id, roster_id, campaign_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES surveys_campaign (workspace_id, id),
    FOREIGN KEY (workspace_id, roster_id) REFERENCES surveys_roster (workspace_id, id),
    FOREIGN KEY (workspace_id, student_id) REFERENCES surveys_student (workspace_id, id),
    FOREIGN KEY (workspace_id, program_id) REFERENCES catalog_item (workspace_id, id)
) {strict};
CREATE INDEX surveys_response_list ON surveys_response (workspace_id, campaign_id, submitted_at_ms, id);
CREATE INDEX surveys_response_program ON surveys_response (workspace_id, program_id, course_year);
CREATE INDEX surveys_response_student ON surveys_response (workspace_id, student_id, submitted_at_ms);

-- What became of an answer, told once and not changed; only erasing a person's data takes words out of it.
CREATE TABLE surveys_history (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    response_id {id} NOT NULL,
    deed {text} NOT NULL,
    author {text} NOT NULL,
    -- The fields with what stood there and what stands there since.
    changes {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, response_id) REFERENCES surveys_response (workspace_id, id)
) {strict};
CREATE INDEX surveys_history_response ON surveys_history (workspace_id, response_id, created_at_ms, id);

-- How many are asked and how many answered, kept as they come: no page counts a hundred thousand rows.
CREATE TABLE surveys_tally (
    workspace_id {id} NOT NULL,
    campaign_id {id} NOT NULL,
    program_id {id} NOT NULL,
    -- 0 where nobody said it.
    course_year {int} NOT NULL,
    -- Active rows of the roster.
    roster_count {bigint} NOT NULL,
    response_count {bigint} NOT NULL,
    employed_count {bigint} NOT NULL,
    unemployed_count {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, program_id, course_year),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES surveys_campaign (workspace_id, id)
) {strict};
