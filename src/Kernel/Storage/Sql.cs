using System.Runtime.CompilerServices;
using System.Text;

namespace Plug1.Kernel.Storage;

/// <summary>A piece of SQL with its values as parameters: <c>$"... where id = {id}"</c> never splices a value into the text.</summary>
/// <remarks>A nested <see cref="Sql"/> is spliced with its own parameters; <see cref="List{T}"/> makes a membership test.</remarks>
[InterpolatedStringHandler]
public sealed class Sql
{
    private readonly StringBuilder text;
    private readonly List<object?> values = [];

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
        var source = piece.text.ToString();
        if (piece.values.Count == 0)
        {
            text.Append(source);
            return;
        }

        var at = 0;
        while (true)
        {
            var mark = source.IndexOf("@p", at, StringComparison.Ordinal);
            if (mark < 0) break;
            text.Append(source, at, mark - at);
            var end = mark + 2;
            while (end < source.Length && char.IsAsciiDigit(source[end])) end++;
            Parameter(piece.values[int.Parse(source.AsSpan(mark + 2, end - mark - 2))]);
            at = end;
        }

        text.Append(source, at, source.Length - at);
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

    private void Parameter(object? value)
    {
        text.Append("@p").Append(values.Count);
        values.Add(value);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>The right side of a membership test; each engine writes it in its own way.</summary>
/// <param name="Items">The members.</param>
/// <param name="Type">Their type.</param>
public sealed record Members(object?[] Items, Type Type);
