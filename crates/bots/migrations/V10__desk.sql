-- What agents of the support desk have seen of tickets in their chats, so that what is new is told once until they look.
CREATE TABLE bots_desk_look (
    workspace_id {id} NOT NULL,
    ticket_id {id} NOT NULL,
    agent_id {id} NOT NULL,
    -- The place of the last message that the agent has seen; -1 where they have never looked.
    seen_place {bigint} NOT NULL,
    -- Whether the agent was told of something since they looked.
    is_told {bool} NOT NULL,
    PRIMARY KEY (workspace_id, ticket_id, agent_id)
) {strict};
