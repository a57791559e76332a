"""The search engines and what they share: text analysis, documents, expressions, life cycle."""
