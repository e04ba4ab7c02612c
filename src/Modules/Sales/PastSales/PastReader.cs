using System.IO.Compression;
using Plug1.Kernel;
using Plug1.Kernel.Imports;

namespace Plug1.Sales.PastSales;

/// <summary>A file of past sales; compressed when its name ends with <c>.gz</c>.</summary>
/// <param name="Name">Its name, as messages tell it.</param>
/// <param name="Open">Opens it from its beginning.</param>
internal sealed record PastFile(string Name, Func<Stream> Open)
{
    public static PastFile Of(string path) => new(Path.GetFileName(path), () => File.OpenRead(path));
}

/// <summary>The documents of some files, and the rows that could not be read.</summary>
internal sealed class PastBook(IReadOnlyList<string> files)
{
    public IReadOnlyList<string> Files => files;

    public long Rows { get; set; }

    public List<PastDocument> Documents { get; } = [];

    public List<PastRefusal> Refused { get; } = [];

    /// <summary>Documents with a row that was refused: they are not taken either.</summary>
    public Dictionary<PastDocument, PastLine> Spoilt { get; } = [];

    public void Refuse(PastDocument document, PastLine line, string field, string code, string reason)
    {
        Refused.Add(new PastRefusal(line.File, files[line.File], line.Row, document.Reference, field, code, reason));
        Spoilt.TryAdd(document, line);
    }
}

/// <summary>Reads files of past sales whole, because the rows of a document may be spread over them.</summary>
internal static class PastReader
{
    /// <summary>Reads the files in the order in which they are named.</summary>
    /// <returns>Refused with <c>IMPORT_EMPTY</c>, <c>IMPORT_MAPPING_INVALID</c>, <c>IMPORT_COLUMN_MISSING</c>.</returns>
    public static async Task<Result<PastBook>> Read(IReadOnlyList<PastFile> files, PastSalesMapping mapping, IProgress<PastStep>? progress, CancellationToken ct)
    {
        var book = new PastBook([.. files.Select(file => file.Name)]);
        var byReference = new Dictionary<string, PastDocument>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < files.Count; at++)
        {
            await using var raw = files[at].Open();
            await using var plain = files[at].Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            var opened = await ImportFile.Open(plain, mapping.Cells, PastSalesMapping.Fields);
            if (opened.IsRefused) return opened.Refusal with { Message = $"{files[at].Name}: {opened.Refusal.Message}" };
            await foreach (var row in opened.Value.WithCancellation(ct))
            {
                book.Rows++;
                Take(book, byReference, texts, mapping.Source, at, row);
                if (book.Rows % 20_000 == 0) progress?.Report(new PastStep($"Read {book.Rows} rows", 0, 0));
            }
        }

        return book;
    }

    private static void Take(PastBook book, Dictionary<string, PastDocument> byReference, Dictionary<string, string> texts, string source, int file, ImportRow row)
    {
        string Kept(string text) => texts.TryGetValue(text, out var known) ? known : texts[text] = text;
        var reference = row.Required("document");
        if (reference.Length is 0 or > 100)
        {
            row.Refuse("document", "IMPORT_TEXT_INVALID", "A document number has at most 100 characters.");
            book.Refused.Add(new PastRefusal(file, book.Files[file], row.Line, "", row.Fault!.Field, row.Fault.Code, row.Fault.Reason));
            return;
        }

        var line = new PastLine(file, row.Line) { Sku = Kept(row.Required("sku")), Description = Kept(row.Text("description") ?? "") };
        row.Required("quantity");
        line.Quantity = row.Millionths("quantity") ?? 0;
        row.Required("price");
        line.Price = row.Millionths("price") ?? 0;
        row.Required("time");
        line.Time = row.Moment("time") ?? default;
        if (row.Fault is null && line.Price < 0) row.Refuse("price", "IMPORT_PRICE_NEGATIVE", "A price is not below zero; what is given back has a quantity below zero.");
        if (row.Fault is null && line.Quantity == 0) row.Refuse("quantity", "IMPORT_QUANTITY_ZERO", "The quantity is zero.");

        var (customer, country) = (row.Text("customer"), row.Text("country"));
        if (!byReference.TryGetValue(reference, out var document))
        {
            byReference[reference] = document = new PastDocument(source, reference, book.Documents.Count)
            {
                Customer = customer is null ? null : Kept(customer),
                Country = country is null ? null : Kept(country),
            };
            book.Documents.Add(document);
        }
        else if (row.Fault is null && !book.Spoilt.ContainsKey(document) && document.Customer != customer)
        {
            row.Refuse("customer", "IMPORT_DOCUMENT_MIXED", "An earlier row of the same document names another customer.");
        }
        else if (row.Fault is null && !book.Spoilt.ContainsKey(document) && document.Lines[0].Time.Date != line.Time.Date)
        {
            row.Refuse("time", "IMPORT_DOCUMENT_MIXED", "An earlier row of the same document is of another day.");
        }

        document.Lines.Add(line);
        if (row.Fault is { } fault) book.Refuse(document, line, fault.Field, fault.Code, fault.Reason);
    }
}

/// <summary>How far an import is.</summary>
/// <param name="What">What is being done.</param>
/// <param name="Done">How much is done.</param>
/// <param name="Total">How much there is; zero when nobody knows yet.</param>
internal readonly record struct PastStep(string What, long Done, long Total);
