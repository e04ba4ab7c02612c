namespace Plug1.Kernel.Storage;

/// <summary>A text has a character that no engine keeps alike: U+0000, or half of a surrogate pair. Nothing was sent.</summary>
public sealed class UnstorableTextException() : Exception("A text has a character that cannot be kept (U+0000 or half of a surrogate pair).");
