"""The public pages: server-rendered HTML, whole without JavaScript.

Views are thin: they ask a use case, hand its answer to a view model (plain dataclasses made of
French text and addresses) and render a template. No module here reads a setting or a table.
"""
