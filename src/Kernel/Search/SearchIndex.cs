using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Search;

/// <summary>A text by which something is found.</summary>
/// <param name="Kind">item or document.</param>
/// <param name="Subject">Of what it is.</param>
/// <param name="Part">Which of its texts; the same part written again takes its place.</param>
/// <param name="Text">The text as people read it.</param>
/// <param name="Words">What it is found by, where that is more than the text itself.</param>
public sealed record SearchEntry(string Kind, Guid Subject, string Part, string Text, string? Words = null);

/// <summary>Texts of items and documents, found by the beginnings of their words in the full text search of the engine.</summary>
/// <remarks>Written in the transaction of what they belong to, so that what was saved is found at once. Documents without a text cost nothing.</remarks>
public static class SearchIndex
{
    /// <summary>The most words of a question that count.</summary>
    public const int MostWords = 8;

    private const int LongestText = 2_000, LongestWord = 100;

    private static readonly Table Rows = new Table("search_text", ("subject_id", Kind.Id), ("part", Kind.Text), ("kind", Kind.Text), ("text", Kind.Text), ("body", Kind.Text))
        .On("on conflict (subject_id, part) do update set text = excluded.text, body = excluded.body");

    /// <summary>Gathers texts for the next flush; of an empty one nothing is kept.</summary>
    public static void Stage(Db db, params IReadOnlyList<SearchEntry> entries)
    {
        var kept = entries.Where(entry => !string.IsNullOrWhiteSpace(entry.Text)).ToList();
        if (kept.Count == 0) return;
        db.Insert(Rows, [.. kept.Select(entry => new object?[] { entry.Subject, entry.Part, entry.Kind, Cut(entry.Text), string.Join(' ', WordsOf(Cut(entry.Words ?? entry.Text))) })]);
    }

    /// <summary>The condition that a row <c>t</c> of the texts has a word that begins with each word of a question; null when the question has none.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="question">As it was typed.</param>
    public static Sql? Matches(Engine engine, string question)
    {
        var words = WordsOf(question).Take(MostWords).ToList();
        if (words.Count == 0) return null;
        return engine == Engine.Postgres
            ? (Sql)$"t.words @@ cast({string.Join(" & ", words.Select(word => $"'{word}':*"))} as tsquery)"
            : (Sql)$"t.seq in (select rowid from search_words where search_words match {string.Join(' ', words.Select(word => $"\"{word}\"*"))})";
    }

    private static IEnumerable<string> WordsOf(string text) => SearchText.Words(text).Select(word => word.Length <= LongestWord ? word : Cut(word, LongestWord)).Distinct();

    private static string Cut(string text, int most = LongestText) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
