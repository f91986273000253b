-- Which tickets have which labels. A label that is taken away goes from every ticket.
CREATE TABLE tickets_ticket_label (
    workspace_id {id} NOT NULL,
    ticket_id {id} NOT NULL,
    label_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, ticket_id, label_id),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets_ticket (workspace_id, id),
    FOREIGN KEY (workspace_id, label_id) REFERENCES tickets_label (workspace_id, id) ON DELETE CASCADE
) {strict};
CREATE INDEX tickets_ticket_label_of ON tickets_ticket_label (workspace_id, label_id, ticket_id);
