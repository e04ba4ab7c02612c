using System.Runtime.CompilerServices;
using System.Text;

namespace Plug1.Kernel.Storage;

/// <summary>A piece of SQL with its values as parameters: <c>$"... where id = {id}"</c> never splices a value into the text.</summary>
/// <remarks>
/// A nested <see cref="Sql"/> is spliced with its own parameters; <see cref="List{T}"/> makes a membership test. An interpolated string
/// within one is a piece of SQL as well, so a text such as <c>$"%{word}%"</c> is put in a variable first.
/// </remarks>
[InterpolatedStringHandler]
public sealed class Sql
{
    private readonly StringBuilder text;
    private readonly List<object?> values = [];

    // Where in the text each parameter stands, so that a literal which looks like one is never taken for it.
    private readonly List<int> marks = [];

    /// <summary>Called by the compiler for an interpolated string.</summary>
    public Sql(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + (formattedCount * 4));

    private Sql(string raw) => text = new StringBuilder(raw);

    /// <summary>The text with parameters as <c>@p0</c>, <c>@p1</c>, ...</summary>
    public string Text => text.ToString();

    /// <summary>The parameter values in order.</summary>
    public IReadOnlyList<object?> Values => values;

    /// <summary>True when nothing has been written.</summary>
    public bool IsEmpty => text.Length == 0;

    /// <summary>SQL text of our own, such as a column name from a fixed list. Never for anything that came from outside.</summary>
    public static Sql Raw(string text) => new(text);

    /// <summary>A membership test: <c>where id {Sql.List(ids)}</c>.</summary>
    public static Members List<T>(IEnumerable<T> items) => new(items.Select(item => (object?)item).ToArray(), typeof(T));

    /// <summary>Joins pieces with a separator of our own.</summary>
    public static Sql Join(string separator, IEnumerable<Sql> pieces)
    {
        var joined = new Sql("");
        foreach (var piece in pieces)
        {
            if (!joined.IsEmpty) joined.text.Append(separator);
            joined.AppendFormatted(piece);
        }

        return joined;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => text.Append(value);

    /// <summary>Splices another piece, renumbering its parameters.</summary>
    public void AppendFormatted(Sql piece)
    {
        var at = 0;
        for (var parameter = 0; parameter < piece.values.Count; parameter++)
        {
            text.Append(piece.text, at, piece.marks[parameter] - at);
            Parameter(piece.values[parameter]);
            at = piece.marks[parameter] + Mark(parameter).Length;
        }

        text.Append(piece.text, at, piece.text.Length - at);
    }

    /// <summary>A value: becomes a parameter.</summary>
    public void AppendFormatted<T>(T value)
    {
        switch (value)
        {
            case Sql piece: AppendFormatted(piece); break;
            case Members members:
                Parameter(members);
                break;
            default: Parameter(value); break;
        }
    }

    /// <summary>The text in which every parameter is written in the engine's own way.</summary>
    /// <param name="write">Gives the text of a parameter from its mark, such as <c>@p3</c>, and its value.</param>
    internal string Written(Func<string, object?, string> write)
    {
        var written = new StringBuilder(text.Length + 32);
        var at = 0;
        for (var parameter = 0; parameter < values.Count; parameter++)
        {
            var mark = Mark(parameter);
            written.Append(text, at, marks[parameter] - at).Append(write(mark, values[parameter]));
            at = marks[parameter] + mark.Length;
        }

        return written.Append(text, at, text.Length - at).ToString();
    }

    private static readonly string[] Marks = [.. Enumerable.Range(0, 64).Select(at => $"@p{at}")];

    private static string Mark(int parameter) => parameter < Marks.Length ? Marks[parameter] : $"@p{parameter}";

    private void Parameter(object? value)
    {
        marks.Add(text.Length);
        text.Append(Mark(values.Count));
        values.Add(value);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>The right side of a membership test; each engine writes it in its own way.</summary>
/// <param name="Items">The members.</param>
/// <param name="Type">Their type.</param>
public sealed record Members(object?[] Items, Type Type);
