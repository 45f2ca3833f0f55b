"""Partner templates: how the mails of one partner become leads, learnt from one example (product page, section 3).

An admin marks values in a real message; `propose` finds out where each stands and says so, one reason a field.
`apply` reads the partner's next mails with the template: a field is looked for by its locators in their order, so
that one that fails is backed by the next, and every value tells by which it was found. A mail that doesn't look like
the example has a verdict with reasons instead of values. Pure: no clock, no store; the same mail and template give
the same answer.

Rooms:
    template  the types of a template, their validated JSON with its version
    view      a message as a template sees it: its text, its labels, its rows of data
    locate    one function a kind of locator: label, surroundings, RE2 pattern, path in a document
    apply     template + message -> values, confidence, verdict
    propose   example + marked values -> template, with reasons
    reasons   what proposals and verdicts say: codes, data, sentences
    drift     whether the fill rate of a template has dropped
"""
