namespace Plug1.Kernel.Reporting.Exports;

/// <summary>There are more rows than the file takes. It was not known before they were read.</summary>
/// <param name="refusal">What the user can do.</param>
public sealed class ExportTooLargeException(Refusal refusal) : Exception(refusal.Message)
{
    /// <summary>What the user can do.</summary>
    public Refusal Refusal => refusal;
}

/// <summary>Prints a report as PDF: A4, upright or wide by what the columns need, every page with heading row and page number.</summary>
/// <remarks>
/// <para>Figures stand at the right, in full: where the columns are too many, the type gets smaller, never the figures fewer.
/// Long words wrap. The texts of all rows are held until the widths of the columns are known, hence <see cref="MaxRows"/>.</para>
/// <para>Needs a TrueType font on the machine; see <see cref="FontMissingException"/>.</para>
/// </remarks>
public static class PdfExport
{
    /// <summary>The media type of the file.</summary>
    public const string MediaType = "application/pdf";

    /// <summary>The most rows that a PDF takes, about a thousand pages.</summary>
    public const int MaxRows = 50_000;

    /// <summary>Writes all rows of a report to a stream, which stays open.</summary>
    /// <param name="table">The report; its rows are read once.</param>
    /// <param name="target">Where to; only written asynchronously.</param>
    /// <param name="ct">Stops between rows.</param>
    /// <exception cref="ArgumentException">A cell does not fit its column.</exception>
    /// <exception cref="ExportTooLargeException">There are more than <see cref="MaxRows"/> rows.</exception>
    /// <exception cref="FontMissingException">The machine has no font.</exception>
    public static async Task Write(ReportTable table, Stream target, CancellationToken ct = default)
    {
        var (regular, bold) = ReportFonts.Load();
        var rows = new List<string[]>();
        await foreach (var row in table.Rows.WithCancellation(ct))
        {
            if (rows.Count == MaxRows) throw new ExportTooLargeException(Refusals.ExportTooLarge(MaxRows, "pdf"));
            rows.Add(Texts(table, row));
        }

        var totals = table.Totals?.Invoke() is { } cells ? Texts(table, cells) : null;
        var fonts = new[] { new PdfFont(regular, "F1"), new PdfFont(bold, "F2") };
        await using var drain = new DrainStream(target);
        var file = new PdfFile(drain, fonts);
        foreach (var page in new PdfPages(table, PdfLayout.Fit(table, rows, totals, fonts[0], fonts[1])).Draw(rows, totals))
        {
            file.AddPage(page.Width, page.Height, page.Content);
            await drain.DrainWhenFull(ct);
        }

        file.End(table.Title, table.Company, table.GeneratedAt);
        await drain.Drain(ct);
    }

    private static string[] Texts(ReportTable table, object?[] row) =>
        [.. table.Checked(row).Select((cell, at) => ExactText.Shown(table.Columns[at], cell).ReplaceLineEndings(" "))];
}
