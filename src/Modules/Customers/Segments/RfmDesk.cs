using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>Enters versions of how customers are scored.</summary>
internal sealed class RfmDesk(CommandRunner runner, OrganisationBook organisation)
{
    private const int MostCells = 50;

    /// <summary>Enters a draft of the next version.</summary>
    public Task<Result<Answer>> Create(CommandCall call, RfmModelRequest request, CancellationToken ct = default) =>
        runner.Run(call, SegmentFunction.FunctionCode, "create", 201, (tx, stamp) => CreateWithin(tx, stamp, request, ct), ct);

    /// <summary>Enters a draft inside a transaction that is open already.</summary>
    public async Task<Result<DefinitionAnswer>> CreateWithin(Tx tx, Stamp stamp, RfmModelRequest request, CancellationToken ct = default)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        var read = Read(request, currency);
        if (read.IsRefused) return read.Refusal;
        var number = 1 + await tx.Number($"select coalesce(max(version), 0) from rfm_model", ct);
        var header = Header.Draft(Ids.New(runner.Clock), SegmentFunction.FunctionCode, RfmModelDocument.Kind, stamp, currency.Code);
        RfmModelDocument.Insert(tx, header.Id, number, read.Value);
        Headers.Insert(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, SegmentFunction.FunctionCode, "create", header.Kind, header.Id, After: new RfmModelDocument(header, number, read.Value).Snapshot), runner.Clock);
        return new DefinitionAnswer(header.Id, header.Status, header.Version, number);
    }

    private static Result<RfmModel> Read(RfmModelRequest request, Currency currency)
    {
        if (request.Bins is < 3 or > 5) return SegmentRefusals.BinsInvalid;
        if (request.Scoring is not ("rank" or "bands")) return SegmentRefusals.Choice("/scoring", "rank", "bands");
        if (request.WindowMonths is < 1 or > 120) return SegmentRefusals.WindowInvalid;
        var model = new RfmModel { Bins = request.Bins, WindowMonths = request.WindowMonths, Scoring = request.Scoring == "bands" ? RfmScoring.Bands : RfmScoring.Rank };
        if (request.Scoring == "bands" != request.Bands is not null) return SegmentRefusals.BandsInvalid("/bands");
        if (request.Bands is { } bands)
        {
            var net = new List<long>();
            foreach (var text in bands.Net)
            {
                if (!Money.TryParse(text, currency, out var limit) || Int128.Abs(limit.Minor) > ValueRefusals.GreatestMinor) return SegmentRefusals.BandsInvalid("/bands/net");
                net.Add(limit.Minor);
            }

            if (!Falls([.. bands.RecencyDays.Select(day => (long)day).Reverse()], request.Bins)) return SegmentRefusals.BandsInvalid("/bands/recencyDays");
            if (!Falls([.. bands.PurchaseDays.Select(day => (long)day)], request.Bins)) return SegmentRefusals.BandsInvalid("/bands/purchaseDays");
            if (!Falls(net, request.Bins)) return SegmentRefusals.BandsInvalid("/bands/net");
            model = model with { Bands = new RfmBands(bands.RecencyDays, bands.PurchaseDays, net) };
        }

        if (request.Grid is null) return request.Bins == 5 ? model : SegmentRefusals.GridInvalid("/grid");
        var cells = request.Grid;
        if (cells.Count is 0 or > MostCells) return SegmentRefusals.GridInvalid("/grid");
        for (var at = 0; at < cells.Count; at++)
        {
            var cell = cells[at];
            if (Check.Text(cell.Name, $"/grid/{at}/name", 40) is { } no) return no;
            if (cell.RFrom < 1 || cell.RFrom > cell.RTo || cell.RTo > request.Bins || cell.FmFrom < 1 || cell.FmFrom > cell.FmTo || cell.FmTo > request.Bins) return SegmentRefusals.GridInvalid($"/grid/{at}");
        }

        var scores = Enumerable.Range(1, request.Bins).ToList();
        var whole = scores.All(r => scores.All(fm => cells.Any(cell => r >= cell.RFrom && r <= cell.RTo && fm >= cell.FmFrom && fm <= cell.FmTo)));
        return whole ? model with { Grid = [.. cells.Select(cell => new RfmCell(cell.Name, cell.RFrom, cell.RTo, cell.FmFrom, cell.FmTo))] } : SegmentRefusals.GridInvalid("/grid");
    }

    /// <summary>One limit fewer than scores, strictly rising.</summary>
    private static bool Falls(IReadOnlyList<long> rising, int bins) => rising.Count == bins - 1 && rising.Zip(rising.Skip(1)).All(pair => pair.First < pair.Second);
}
