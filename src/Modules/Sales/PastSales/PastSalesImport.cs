using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;

namespace Plug1.Sales.PastSales;

/// <summary>What an import of past sales does, or has done.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Rows">Rows of data in them.</param>
/// <param name="Documents">Documents in them.</param>
/// <param name="Fresh">Documents that are new: to be posted, or posted by this run.</param>
/// <param name="Unchanged">Documents that an earlier run had posted.</param>
/// <param name="Months">What the documents that are taken have, by month, those of earlier runs included.</param>
/// <param name="NewItems">Items that are new, by code.</param>
/// <param name="NewCustomers">Customers that are new, by number.</param>
/// <param name="Opening">What is taken in as opening stock, by item code, in millionths.</param>
/// <param name="Refused">Rows that are not taken, in the order of the files.</param>
/// <param name="Differences">Lines whose booked amount is not quantity times price.</param>
internal sealed record PastOutcome(
    int Files, long Rows, long Documents, long Fresh, long Unchanged, IReadOnlyList<PastMonth> Months, IReadOnlyList<string> NewItems, IReadOnlyList<string> NewCustomers,
    IReadOnlyDictionary<string, long> Opening, IReadOnlyList<PastRefusal> Refused, IReadOnlyList<PastDifference> Differences);

/// <summary>Brings what another program has sold into the books, document by document, as the till would have posted it.</summary>
/// <remarks>
/// The files are read whole; documents are posted in the order in which they happened, some hundreds in a transaction. A document is known again
/// by source and number, so a run that was stopped goes on where it was, and one that is done posts nothing.
/// </remarks>
internal sealed class PastSalesImport(
    Database database, CommandRunner runner, OrganisationBook organisation, CatalogueBook catalogue, LedgerBook ledger, StockDesk stock, GoodsReceipts receipts)
{
    /// <summary>Permissions and audit events name it.</summary>
    public const string Function = "kernel.imports";

    // A transaction has about this many lines, and never more documents than the second.
    private const int ChunkLines = 4000, ChunkDocuments = 400;

    private readonly PastOpening opening = new(database, receipts, catalogue);

    /// <summary>Tells what an import would do, and writes nothing.</summary>
    /// <param name="call">Who; needs <c>kernel.imports.view</c>.</param>
    /// <param name="files">The files.</param>
    /// <param name="mapping">How they are read.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<Result<PastOutcome>> Preview(CommandCall call, IReadOnlyList<PastFile> files, PastSalesMapping mapping, IProgress<PastStep>? progress = null, CancellationToken ct = default) =>
        Go(call, "view", files, mapping, write: false, progress, ct);

    /// <summary>Imports, or goes on where an earlier run was stopped.</summary>
    /// <param name="call">Who; needs <c>kernel.imports.run</c>.</param>
    /// <param name="files">The files.</param>
    /// <param name="mapping">How they are read.</param>
    /// <param name="progress">Told how far it is, after each transaction.</param>
    /// <param name="ct">Stops it after the present transaction.</param>
    public Task<Result<PastOutcome>> Run(CommandCall call, IReadOnlyList<PastFile> files, PastSalesMapping mapping, IProgress<PastStep>? progress = null, CancellationToken ct = default) =>
        Go(call, "run", files, mapping, write: true, progress, ct);

    private async Task<Result<PastOutcome>> Go(CommandCall call, string action, IReadOnlyList<PastFile> files, PastSalesMapping mapping, bool write, IProgress<PastStep>? progress, CancellationToken ct)
    {
        if (!call.Actor.May($"{Function}.{action}", call.BranchId)) return CommandRunner.Denied($"{Function}.{action}");
        var placed = await PlaceOf(mapping, ct);
        if (placed.IsRefused) return placed.Refusal;
        var read = await PastReader.Read(files, mapping, progress, ct);
        if (read.IsRefused) return read.Refusal;

        var (place, book) = (placed.Value, read.Value);
        progress?.Report(new PastStep("Looking at what is there", 0, 0));
        var plan = PastPlan.Of(book, place, await Known(book, place, ct));
        var missing = await opening.Missing(plan, place, ct);
        var items = plan.Fresh.SelectMany(document => document.Lines).Select(line => plan.ItemOf(line)!).Where(item => item.Known is null).Select(item => item.Sku).Distinct(StringComparer.Ordinal).ToList();
        if (write && plan.Fresh.Count > 0)
        {
            var done = await Write(plan, place, missing, await runner.StampOf(call, ct), progress, ct);
            if (done.IsRefused) return done.Refusal!;
        }

        return new PastOutcome(files.Count, book.Rows, book.Documents.Count, plan.Fresh.Count, plan.Unchanged, plan.Months, items, [.. plan.NewCustomers.Keys], missing, book.Refused, plan.Differences);
    }

    private async Task<Result> Write(PastPlan plan, PastPlace place, IReadOnlyDictionary<string, long> missing, Stamp stamp, IProgress<PastStep>? progress, CancellationToken ct)
    {
        var first = plan.Fresh[0].Day;
        var before = first.AddDays(-1);
        if (missing.Count > 0 && (await database.Read(db => PastRows.Closed(db, ct), ct)).Any(period => period.From <= before && before < period.To)) return PastRefusals.OpeningClosed(before);
        progress?.Report(new PastStep("Items and customers", 0, 0));
        var made = await new PastMasters(database, catalogue, runner.Clock).Write(plan, place, stamp, first, ct);
        if (made.IsRefused) return made;
        ct.ThrowIfCancellationRequested();
        progress?.Report(new PastStep("Opening stock", 0, 0));
        var opened = await opening.Receive(missing, plan, place, before, stamp.At, ct);
        if (opened.IsRefused) return opened;

        var customers = await database.Read(db => PastRows.Customers(db, plan.Fresh.Select(document => document.Customer).OfType<string>().Distinct(StringComparer.Ordinal), ct), ct);
        var books = new PastBooks(plan, place, await catalogue.Get(ct), customers);
        var posting = new PastPosting(ledger, stock, runner.Clock);
        var done = 0;
        foreach (var chunk in Chunks(plan.Fresh))
        {
            ct.ThrowIfCancellationRequested();
            await database.WriteMuch(tx => posting.Write(tx, chunk, books, CancellationToken.None), CancellationToken.None);
            done += chunk.Count;
            progress?.Report(new PastStep($"Posted up to {chunk[^1].Day:yyyy-MM-dd}", done, plan.Fresh.Count));
        }

        return Result.Done;
    }

    private static IEnumerable<IReadOnlyList<PastDocument>> Chunks(IReadOnlyList<PastDocument> documents)
    {
        var chunk = new List<PastDocument>(ChunkDocuments);
        var lines = 0;
        foreach (var document in documents)
        {
            chunk.Add(document);
            lines += document.Lines.Count;
            if (lines < ChunkLines && chunk.Count < ChunkDocuments) continue;
            yield return chunk;
            (chunk, lines) = (new List<PastDocument>(ChunkDocuments), 0);
        }

        if (chunk.Count > 0) yield return chunk;
    }

    private async Task<Result<PastPlace>> PlaceOf(PastSalesMapping mapping, CancellationToken ct)
    {
        var (view, goods) = (await organisation.Get(ct), await catalogue.Get(ct));
        var tills = view.Terminals.Where(till => till.Active).ToList();
        var branch = mapping.Branch is { } code ? view.FindBranch(code) : view.Branches.FirstOrDefault(known => known.Active && tills.Exists(till => till.BranchId == known.Id));
        if (branch is null || !tills.Exists(till => till.BranchId == branch.Id)) return PastRefusals.BranchUnknown(mapping.Branch ?? "");
        var terminal = tills.Find(till => till.BranchId == branch.Id && (mapping.Terminal is null || till.Code == mapping.Terminal));
        if (terminal is null) return PastRefusals.TerminalUnknown(mapping.Terminal!);
        if (goods.PaymentMethod(mapping.Payment) is not { Active: true, Type: PaymentType.Card or PaymentType.Bank or PaymentType.Mobile or PaymentType.Other } method) return PastRefusals.PaymentUnknown(mapping.Payment);
        if (mapping.PriceList is { } list && goods.PriceLists.All(known => known.Code != list)) return PastRefusals.PriceListUnknown(list);
        var currency = view.Company.Currency;
        var rounding = view.Company.TaxRounding == "line" ? Kernel.Catalog.Tax.TaxRounding.Line : Kernel.Catalog.Tax.TaxRounding.Document;
        return new PastPlace(mapping, branch, terminal, currency, rounding, Tenders.Of(method, currency));
    }

    private async Task<PastKnown> Known(PastBook book, PastPlace place, CancellationToken ct)
    {
        var numbers = book.Documents.Select(document => document.Customer).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var goods = await catalogue.Get(ct);
        var today = place.Branch.DayAt(runner.Clock.GetUtcNow());
        return await database.Read(async db => new PastKnown(
            await PastRows.Taken(db, place.Mapping.Source, ct), await PastRows.Closed(db, ct), await PastRows.Customers(db, numbers, ct), goods, today), ct);
    }
}
