using System.Globalization;
using System.Runtime.CompilerServices;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting.Files;

/// <summary>Writes lists and reports as files: rows go from the database to the file one by one, so memory does not grow with them.</summary>
/// <remarks>
/// All is read from one snapshot. A file goes to a stream that can be thrown away, such as a temporary file: a reader that waits for a slow
/// network would hold the snapshot, and what fails in the middle would look like a whole file. Only so many are written at a time.
/// </remarks>
public sealed class ReportFiles(Database database, Choices choices, TimeProvider clock) : IDisposable
{
    /// <summary>The most rows of a CSV file or a workbook.</summary>
    public const int MostRows = 2_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim gate = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>The most rows that a format takes.</summary>
    public static int Most(string format) => format == "pdf" ? PdfExport.MaxRows : MostRows;

    /// <summary>Writes a file.</summary>
    /// <param name="order">Which.</param>
    /// <param name="viewer">With whose permissions.</param>
    /// <param name="today">The business day of who asks.</param>
    /// <param name="target">Where to; what it got is to be thrown away when the answer is a refusal.</param>
    /// <param name="most">Fewer rows than <see cref="Most"/>; null for as many.</param>
    /// <param name="ct">Stops between rows.</param>
    /// <returns>Refused as <see cref="Lists.Stream"/> and <see cref="ReportSet.Stream"/>, with <c>EXPORT_TOO_LARGE</c>, or with <c>EXPORT_BUSY</c> after a minute's wait.</returns>
    public async Task<Result<WrittenFile>> Write(FileOrder order, Viewer viewer, DateOnly today, Stream target, int? most = null, CancellationToken ct = default)
    {
        Invariant.Holds(FileOrder.Formats.Contains(order.Format));
        if (!await gate.WaitAsync(Patience, ct)) return Refusals.ExportBusy();
        try
        {
            await using var db = await database.Snapshot(ct);
            await using var names = await database.Reader(ct);
            var limit = Math.Min(most ?? int.MaxValue, Most(order.Format));
            var prepared = order.Report is { } report ? await OfReport(db, names, order.Function, report, viewer, today, ct) : await OfList(db, names, order, viewer, limit, today, ct);
            if (prepared.IsRefused) return prepared.Refusal;
            var (table, name) = prepared.Value;
            var counter = new Counter(limit, order.Format);
            await Write(table with { Rows = counter.Counted(table.Rows, ct) }, order.Format, target, ct);
            return new WrittenFile($"{name}.{order.Format}", MediaType(order.Format), table.Title, counter.Rows);
        }
        catch (ExportTooLargeException tooLarge)
        {
            return tooLarge.Refusal;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes a table in a format.</summary>
    public static Task Write(ReportTable table, string format, Stream target, CancellationToken ct) => format switch
    {
        "csv" => CsvExport.Write(table, target, null, ct),
        "xlsx" => XlsxExport.Write(table, target, ct),
        _ => PdfExport.Write(table, target, ct),
    };

    /// <summary>What a format is to browsers.</summary>
    public static string MediaType(string format) => format switch { "csv" => CsvExport.MediaType, "xlsx" => XlsxExport.MediaType, _ => PdfExport.MediaType };

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<Result<(ReportTable Table, string Name)>> OfReport(
        Db db, Db names, Function function, ReportRequest request, Viewer viewer, DateOnly today, CancellationToken ct)
    {
        var rows = await ReportSet.Stream(db, names, function, request, viewer, today, ct);
        if (rows.IsRefused) return rows.Refusal;
        var company = viewer.Organisation.Company;
        var filters = await Sentences.Of(names, choices, function, request, viewer, ct);
        return (ReportExport.ToTable(rows.Value, company.Name, company.Currency, filters, clock.GetUtcNow()), $"{rows.Value.Report}-{Day(rows.Value.From)}-{Day(rows.Value.To)}");
    }

    private async Task<Result<(ReportTable Table, string Name)>> OfList(Db db, Db names, FileOrder order, Viewer viewer, int most, DateOnly today, CancellationToken ct)
    {
        var request = order.List!;
        var rows = await Lists.Stream(db, order.Function, request, viewer, most, order.Format, ct);
        if (rows.IsRefused) return rows.Refusal;
        var filters = await Sentences.Of(names, choices, order.Function, request, viewer, ct);
        return (ListExport.ToTable(order.Function, rows.Value, viewer, filters, clock.GetUtcNow()), $"{order.Function.Slug}-{Day(request.To ?? today)}");
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Counts rows as they go by and stops at the limit.</summary>
    private sealed class Counter(int most, string format)
    {
        public long Rows { get; private set; }

        public async IAsyncEnumerable<object?[]> Counted(IAsyncEnumerable<object?[]> rows, [EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var row in rows.WithCancellation(ct))
            {
                if (++Rows > most) throw new ExportTooLargeException(Refusals.ExportTooLarge(most, format));
                yield return row;
            }
        }
    }
}
