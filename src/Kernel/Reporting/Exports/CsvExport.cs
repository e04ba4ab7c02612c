using CsvHelper;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>How a CSV file is to look.</summary>
/// <param name="ByteOrderMark">Whether it begins with the UTF-8 mark, without which Excel reads it as Latin.</param>
/// <param name="Totals">Whether the totals row is its last; off by default, because programs would add it to the rest.</param>
/// <param name="GuardFormulas">Whether text that a spreadsheet would run as a formula gets an apostrophe before it.</param>
public sealed record CsvOptions(bool ByteOrderMark = true, bool Totals = false, bool GuardFormulas = true);

/// <summary>Writes a report as CSV: comma, CRLF, quotes where needed, UTF-8; one heading row and then data.</summary>
/// <remarks>Source: RFC 4180; formula guard after OWASP, <i>CSV Injection</i>. Memory does not grow with the rows.</remarks>
public static class CsvExport
{
    /// <summary>The media type of the file.</summary>
    public const string MediaType = "text/csv; charset=utf-8";

    /// <summary>Writes all rows of a report to a stream, which stays open.</summary>
    /// <param name="table">The report; its rows are read once.</param>
    /// <param name="target">Where to; only written asynchronously.</param>
    /// <param name="options">How it is to look; null for the usual.</param>
    /// <param name="ct">Stops between rows.</param>
    /// <exception cref="ArgumentException">A cell does not fit its column.</exception>
    public static async Task Write(ReportTable table, Stream target, CsvOptions? options = null, CancellationToken ct = default)
    {
        options ??= new CsvOptions();
        var format = CsvWriterOptions.Default with { WriteByteOrderMark = options.ByteOrderMark };
        await using var csv = CsvWriter.Create(target, format, leaveOpen: true);

        await csv.WriteRecordAsync([.. table.Columns.Select(column => Guarded(column.Heading, options))], ct);
        await foreach (var row in table.Rows.WithCancellation(ct)) await csv.WriteRecordAsync(Record(table, row, options), ct);
        if (options.Totals && table.Totals?.Invoke() is { } totals) await csv.WriteRecordAsync(Record(table, totals, options), ct);
        await csv.FlushAsync(ct);
    }

    private static string[] Record(ReportTable table, object?[] row, CsvOptions options) => [.. table.Checked(row).Select((cell, at) =>
    {
        var text = ExactText.Plain(table.Columns[at], cell);
        return cell is string ? Guarded(text, options) : text;
    })];

    // Only text is guarded: a negative amount begins with a minus too, and is a number.
    private static string Guarded(string text, CsvOptions options) =>
        options.GuardFormulas && text.Length > 0 && "=+-@\t\r\n".Contains(text[0]) ? "'" + text : text;
}
