## Menu
models-menu-settings = Language model
models-menu-calls = AI calls

## Settings
models-lead = The model that answers in your bots’ AI step. What people ask is sent to the provider that you choose here.
models-settings = Settings
models-is-on = Ask the model
models-is-on-help = People’s questions, and with them the last part of the conversation and what the bot looks up, go to the provider: they leave this server, perhaps for another country. Turn it on knowing that.
models-provider = Provider
models-provider-openai = OpenAI or compatible
models-provider-gemini = Google Gemini
models-provider-unknown = There is no such provider
models-model = Model
models-model-help = The name as the provider writes it: gpt-4o-mini, gemini-2.5-flash. Models that think before they answer spend tokens on their thoughts too: they need a larger budget.
models-model-has-space = A model’s name holds no spaces
models-base-url = Address
models-base-url-help = Only for another server: https://host/v1. Empty means the provider’s own.
models-address-not-bare = The address holds no name, password, question mark or hash
models-address-not-secure = The address must begin with https://, or the key could be read on the way
models-key = Key
models-key-help = It is stored sealed and never shown again.
models-key-set = A key is set, it ends with { $end }. Leave this empty to keep it.
models-key-again = Provider or address changed: type the key again
models-key-missing = Without a key nothing can be asked
models-key-wrong = This is no key: 8 to 400 Latin letters, digits and signs without spaces
models-key-remove = Remove the key
models-key-remove-question = Remove the key? The model will not be asked any more.
models-key-removed = The key is removed.
models-tokens-per-day = Tokens a day
models-tokens-per-day-help = When they are used up, bots answer without the model until tomorrow. 0 lets no call through.
models-tokens-wrong = A whole number from 0 to 1,000,000,000
models-input-price = Price of a million input tokens, $
models-output-price = Price of a million output tokens, $
models-price-help = From the provider’s price list, for example 0.15 and 0.60. Without prices the log counts tokens only.
models-price-both = Both prices or none
models-saved = Saved.
models-ready = The model is on.
models-is-off = The model is off: nothing is asked.
models-not-set = No model is set: bots answer from their own knowledge.
models-spent-today = Used today
models-spent-of = { $used } of { $budget } tokens
models-reserved-today = Held by calls whose end nobody knows

## Trying it out
models-check = Check
models-check-answered = The model answered “{ $answer }” in { $ms } ms
models-check-failed = { $why } ({ $ms } ms)

## What went wrong
models-refused-not-set = No language model is set
models-refused-over-budget = Today’s token budget has no room for this call
models-failure-wrong-key = The provider refuses the key, or the key may not use this model
models-failure-key-lost = The stored key does not open: the server’s secret was replaced. Type the key again
models-failure-unknown-model = The provider has no such model, or the address is wrong
models-failure-too-many = The provider asks to wait: too many calls
models-failure-unpaid = The provider’s account has no money left
models-failure-overloaded = The provider is overloaded or out of order
models-failure-unreachable = The provider cannot be reached at this address
models-failure-refused-address = The address leads into a private network. Whoever runs the server can allow it
models-failure-timed-out = The provider took too long
models-failure-blocked = The provider’s filter did not let the question or the answer through
models-failure-rejected = The provider does not take the request: it may be too long, or too much for this model
models-failure-not-valid = What the provider sent is no answer

## Calls
models-calls-lead = What models were asked in the last 90 days, and what it cost.
models-calls = Calls
models-calls-empty = No calls yet
models-calls-empty-hint = Here you will see every question to the model, its answer and its price.
models-call = Call
models-call-number = Call { $number }
models-at = When
models-state = State
models-state-begun = under way
models-state-answered = answered
models-state-failed = no answer
models-state-refused = over budget
models-state-unknown = unknown
models-state-wrong = There is no such state
models-unknown-help = The server stopped during this call, or nobody waited for its end. Its tokens stay reserved for that day.
models-purpose = What for
models-purpose-check = Check of the settings
models-purpose-assistant = Assistant in a chat
models-label = Who asked
models-input-tokens = Input tokens
models-output-tokens = Output tokens
models-estimated = about { $tokens }
models-cost = Cost
models-cost-note = by the prices at that time
models-duration = Time, ms
models-took = { $ms } ms
models-tools = Tools
models-question = Question
models-answer = Answer
