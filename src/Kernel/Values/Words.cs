namespace Plug1.Kernel.Values;

/// <summary>The words in which the database and the API write the members of an enumeration: their names in small letters.</summary>
public static class Words
{
    /// <summary>The word of a value.</summary>
    public static string Word<T>(this T value)
        where T : struct, Enum => Table<T>.ByValue[value];

    /// <summary>The value of a word, if it is one.</summary>
    public static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum
    {
        value = default;
        return word is not null && Table<T>.ByWord.TryGetValue(word, out value);
    }

    /// <summary>The value of a word that the database keeps.</summary>
    internal static T Read<T>(string word)
        where T : struct, Enum => TryRead<T>(word, out var value) ? value : throw new InvariantBrokenException($"'{word}' is no {typeof(T).Name}.");

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());
        public static readonly Dictionary<string, T> ByWord = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}

/// <summary>A member of an enumeration as its word.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class WordJsonConverter<T> : TextJsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    protected override bool TryRead(string? text, out T value) => Words.TryRead(text, out value);

    /// <inheritdoc/>
    protected override string ToText(T value) => value.Word();
}
