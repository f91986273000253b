### Faults of a blueprint, found when it is saved.

flow-file-malformed = The file cannot be read: { $reason }
flow-file-long = The file is too long: at most { $kilobytes } KB.
flow-format-unknown = Unknown version of the format; this program knows format { $known }.
flow-field-missing = This field is required.
flow-field-unknown = There is no such field.
flow-field-type = Another kind of value is expected here: { $expected }
flow-name-malformed = “{ $name }” cannot be a name: small Latin letters, digits and underscores.
flow-name-twice = The name “{ $name }” is used twice.
flow-heard-empty = The phrase “{ $phrase }” has neither letters nor digits.
flow-kind-unknown = There is no step of the kind “{ $name }”.
flow-word-unknown = “{ $word }” is not known. Possible: { $known }
flow-number-range = The number must be from { $min } to { $max }.
flow-date-malformed = “{ $piece }” is no date. For example: 2026-11-20, today, today-17y
flow-too-many = There may be at most { $max }.
flow-step-unknown = There is no step “{ $name }”.
flow-step-unreachable = No way leads to the step “{ $name }”.
flow-dead-end = A dead end: it is not said where to go from here.
flow-endless-round = The step “{ $name }” goes round without asking anything.
flow-never-returns = The flow that “{ $name }” calls never returns.
flow-home-asks-nothing = The home step must ask something.
flow-translation-missing = A translation is missing: { $languages }
flow-text-malformed = A fault in the text: { $piece }
flow-text-long = The text is too long: { $length } characters, at most { $max } are possible.
flow-plural-forms = The wrong number of plural forms: { $forms }, and { $wanted } are needed.
flow-expression-malformed = The expression cannot be read: { $piece }
flow-variable-unknown = The variable “{ $name }” is not declared.
flow-command-malformed = “{ $name }” cannot be a command: 1–32 small Latin letters, digits or underscores.
flow-action-unknown = There is no action “{ $name }”.
flow-argument-unknown = This action has no argument “{ $name }”.
flow-argument-missing = The argument “{ $name }” is not given.
flow-outcome-unknown = This action does not end with “{ $name }”.
flow-outcome-missing = It is not said what follows the outcome “{ $name }”.
flow-address-malformed = “{ $address }” is no address: it begins with https:// or http://

# Changes made in the visual editor.
flow-file-no-toml = The file cannot be read: mend the fault in its text first.
flow-no-flow-of-form = No flow of this bot submits the form { $form }.
flow-flow-taken = This bot has a flow { $flow } already: choose another code.
flow-change-misplaced = This cannot stand at { $path }.
flow-change-impossible = This change could not be written into the file. Make it in the view of the file.
