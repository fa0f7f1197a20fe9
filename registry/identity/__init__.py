"""Users, roles, jurisdiction; the Actor of every act."""
