//! Surveys: students of a roster, campaigns, and what they answered.
