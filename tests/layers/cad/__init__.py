"""Do drawings come in as the areas they mean?"""
