//! The room `backup`.
