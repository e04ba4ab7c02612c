using System.Buffers;
using System.Text;
using Plug1.Kernel.Jobs;

namespace Plug1.Kernel.Imports;

/// <summary>The refused rows of a file as a file of its own: the original cells with a column that says why, to be mended and sent again.</summary>
public sealed class RefusedFile
{
    /// <summary>The column that says why; it is left out when the mended file is read.</summary>
    public const string Column = "Why refused";

    /// <summary>What the file is to its work.</summary>
    public const string Role = "refused";

    private static readonly SearchValues<char> Special = SearchValues.Create("\",;\t\r\n");

    private readonly StringBuilder text = new();
    private readonly char separator;
    private readonly List<RefusedRow> first = [];
    private readonly IReadOnlyList<string> headings;
    private readonly int why;

    private RefusedFile(IReadOnlyList<string> headings, char separator, long rows)
    {
        (this.headings, this.separator, Rows) = (headings, separator, rows);
        why = headings.ToList().IndexOf(Column);
        Line(headings, Column);
    }

    /// <summary>Of a file that is read with a mapping and has a heading.</summary>
    public static async Task<RefusedFile> Of(byte[] content, ImportMapping mapping)
    {
        char? given = mapping.Delimiter is { Length: 1 } delimiter ? delimiter[0] : null;
        using var file = new MemoryStream(content, writable: false);
        var look = await ImportFile.Look(file, given, 0);
        return new RefusedFile(look.Value.Headings, given ?? ',', content.LongCount(octet => octet == (byte)'\n') - (content[^1] == (byte)'\n' ? 1 : 0));
    }

    /// <summary>About how many rows the file has, by its lines.</summary>
    public long Rows { get; }

    /// <summary>How many rows were refused.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<RefusedRow> First => first;

    /// <summary>Takes the refused ones of some rows.</summary>
    public void Add(IEnumerable<ImportRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Fault is not { } fault) continue;
            Count++;
            if (first.Count < ImportReport.MostListed) first.Add(fault);
            Line(row.Raw, $"{(fault.Field.Length > 0 ? fault.Field + ": " : "")}{fault.Reason} ({fault.Code})");
        }
    }

    /// <summary>Keeps the file with the work, when a row was refused.</summary>
    /// <param name="run">The work.</param>
    /// <param name="input">What was asked.</param>
    /// <param name="nothing">The checkpoint of work that has none yet.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result> Keep(WorkRun run, ImportInput input, string nothing, CancellationToken ct)
    {
        if (Count == 0) return Result.Done;
        var bytes = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(text.ToString())).ToArray();
        return await run.Step(tx =>
        {
            run.Produce(tx, Role, Path.GetFileNameWithoutExtension(input.FileName) + "-refused.csv", "text/csv", bytes);
            return Task.FromResult(Result.Of(run.Checkpoint ?? nothing));
        }, ct);
    }

    private void Line(IReadOnlyList<string> cells, string reason)
    {
        for (var at = 0; at < headings.Count; at++)
            if (at != why) text.Append(Cell(at < cells.Count ? cells[at] : "")).Append(separator);
        text.Append(Cell(reason)).Append('\n');
    }

    /// <summary>In quotes where it must be.</summary>
    private string Cell(string cell) => cell.AsSpan().IndexOfAny(Special) < 0 && !cell.Contains(separator, StringComparison.Ordinal) ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
