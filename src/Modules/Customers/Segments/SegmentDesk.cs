using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>Enters versions of segments, tries rules, and asks for runs.</summary>
internal sealed class SegmentDesk(CommandRunner runner, SegmentFunction function, OrganisationBook organisation, Database database, WorkDesk work)
{
    /// <summary>How many examples a preview shows.</summary>
    public const int Examples = 20;

    private const string DefaultColour = "#5b6b7f";

    /// <summary>Enters a draft: a new segment, or the next version of one.</summary>
    public Task<Result<Answer>> Create(CommandCall call, SegmentRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "create", 201, (tx, stamp) => CreateWithin(tx, stamp, request, ct), ct);

    /// <summary>Changes a draft, or one that was rejected, which becomes a draft again.</summary>
    public Task<Result<Answer>> Edit(CommandCall call, Guid id, long? version, SegmentRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "create", 200, (tx, stamp) => EditWithin(tx, stamp, id, version, request, ct), ct);

    /// <summary>Enters a draft inside a transaction that is open already.</summary>
    public async Task<Result<DefinitionAnswer>> CreateWithin(Tx tx, Stamp stamp, SegmentRequest request, CancellationToken ct = default)
    {
        if (NoRule(request) is { } none) return none;
        if (await Refused(tx, stamp, request, ct) is { } no) return no;
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var segment = await tx.First($"select id from segment where code = {request.Code}{lockRow}", row => (Guid?)row.Guid(0), ct);
        var number = segment is { } known ? 1 + await tx.Number($"select coalesce(max(version), 0) from segment_version where segment_id = {known}", ct) : 1;
        var header = Header.Draft(Ids.New(runner.Clock), function.Code, Segment.Kind, stamp, (await organisation.Get(ct)).Company.Currency.Code);
        var data = Data(segment ?? Ids.New(runner.Clock), number, request);
        SegmentTables.Insert(tx, header.Id, data, fresh: segment is null);
        Headers.Insert(tx, header);
        return Written(tx, stamp, header, data, "create", null);
    }

    private static Refusal? NoRule(SegmentRequest request) => request.Definition.ValueKind == JsonValueKind.Null ? SegmentRefusals.EmptyRule("/definition") : null;

    private async Task<Result<DefinitionAnswer>> EditWithin(Tx tx, Stamp stamp, Guid id, long? version, SegmentRequest request, CancellationToken ct)
    {
        if (NoRule(request) is { } none) return none;
        var locked = await Headers.Lock(tx, function.Code, id, version, ct);
        if (locked.IsRefused) return locked.Refusal;
        var header = locked.Value;
        if (!stamp.Actor.May($"{function.Code}.create", header.BranchId)) return CommandRunner.Denied($"{function.Code}.create");
        if (header.Kind != Segment.Kind) return Headers.Unknown;
        var next = Lifecycle.Next(header.Status, Verb.Edit);
        if (next.IsRefused) return next.Refusal;
        var before = (Segment)await function.Load(tx, header, ct);
        if (request.Code != before.Data.Code) return SegmentRefusals.CodeStays;
        if (await Refused(tx, stamp, request, ct) is { } no) return no;
        SegmentTables.Delete(tx, id);
        if (header.Status != next.Value) header.BackToDraft(stamp);
        header.Edit(stamp);
        var data = Data(before.Data.SegmentId, before.Data.Number, request);
        SegmentTables.Insert(tx, id, data, fresh: false);
        Headers.Update(tx, header);
        return Written(tx, stamp, header, data, Verb.Edit, before.Snapshot);
    }

    /// <summary>Who a rule would find now; nothing is stored.</summary>
    public async Task<Result<PreviewAnswer>> Preview(Stamp stamp, JsonElement definition, CancellationToken ct = default) => await database.Read(async db =>
    {
        var read = await function.Read(db, definition, action => stamp.May($"{function.Code}.{action}"), ct);
        if (read.IsRefused) return read.Refusal;
        var shown = read.Value.Conditions.Select(condition => condition.Measure).Where(measure => measure.Type != MeasureType.Segment).Distinct().ToList();
        var hits = RuleSql.Of(read.Value, function.Catalogue, await Question(db, stamp, ct), shown);
        var exponent = (await organisation.Get(ct)).Company.Currency.Exponent;
        var figures = Sql.Raw(string.Concat(shown.Select((_, at) => $", h.v{at}")));
        var found = await db.Query($"""
            select h.id, p.number, p.name, h.total{figures} from (select x.*, count(*) over () as total from ({hits}) x order by x.id limit {Examples}) h join party p on p.id = h.id order by h.id
            """, row =>
            {
                var told = new Dictionary<string, object?>(StringComparer.Ordinal);
                for (var at = 0; at < shown.Count; at++) told[shown[at].Key] = Told(row, 4 + at, shown[at].Type, exponent);
                return (Total: row.Long(3), Example: new PreviewExample(row.Guid(0), row.Text(1), row.Text(2), told));
            }, ct);
        return Result.Of(new PreviewAnswer(found.Count == 0 ? 0 : found[0].Total, stamp.BusinessDate, found.ConvertAll(one => one.Example)));
    }, ct);

    /// <summary>Asks for a run that tells anew who is in a segment.</summary>
    public Task<Result<Answer>> Refresh(CommandCall call, Guid id, CancellationToken ct = default) => runner.Run(call, function.Code, "refresh", 202, async (tx, stamp) =>
    {
        if (await SegmentTables.SegmentOf(tx, id, ct) is not { } segment) return SegmentRefusals.SegmentUnknown;
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var current = await tx.First($"select current_id, code from segment where id = {segment}{lockRow}", row => (Id: row.GuidOrNull(0), Code: row.Text(1)), ct);
        if (current.Id is null) return SegmentRefusals.NotActive;
        return await AskOnce(tx, stamp, RefreshWork.WorkKind, $"Refresh the segment {current.Code}", JsonSerializer.Serialize(new RefreshInput(segment), JsonSerializerOptions.Web), ct);
    }, ct);

    /// <summary>Asks for a fit of the model of value.</summary>
    public Task<Result<Answer>> Fit(CommandCall call, FitRequest request, CancellationToken ct = default) => runner.Run(call, function.Code, "fit", 202, async (tx, stamp) =>
    {
        if (request.HorizonMonths is < 1 or > 60) return SegmentRefusals.HorizonInvalid;
        if (!Rate.TryParse(request.MonthlyRate, out var rate) || rate.IsNegative || rate.Millionths > 200_000) return SegmentRefusals.DiscountInvalid;
        var repeats = await tx.Number($"select count(*) from ({ValueSql.Histories(await Question(tx, stamp, ct))}) h where h.repeats > 0", ct);
        if (repeats < Clv.FewestRepeatCustomers) return SegmentRefusals.ModelData(repeats);
        return await AskOnce(tx, stamp, FitWork.WorkKind, "Fit the model of value", JsonSerializer.Serialize(new FitInput(request.HorizonMonths, rate.Millionths), JsonSerializerOptions.Web), ct);
    }, ct);

    /// <summary>What rules are asked as of now.</summary>
    public static async Task<MeasureQuestion> Question(Db db, Stamp stamp, CancellationToken ct) =>
        new(db.Engine, stamp.BusinessDate, stamp.At) { Rfm = await RfmModelDocument.InForce(db, ct) };

    private async Task<Result<RunAnswer>> AskOnce(Tx tx, Stamp stamp, string kind, string title, string input, CancellationToken ct)
    {
        if (await tx.Number($"select count(*) from work where kind = {kind} and input = {input} and ended_at is null", ct) > 0) return SegmentRefusals.Running;
        var asked = await work.Ask(tx, stamp, kind, title, input, ct: ct);
        return asked.IsRefused ? asked.Refusal : new RunAnswer(asked.Value);
    }

    private DefinitionAnswer Written(Tx tx, Stamp stamp, Header header, SegmentData data, string action, string? before)
    {
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, action, header.Kind, header.Id, Before: before, After: new Segment(header, data, function).Snapshot), runner.Clock);
        return new DefinitionAnswer(header.Id, header.Status, header.Version, data.Number);
    }

    private static SegmentData Data(Guid segment, long number, SegmentRequest request) =>
        new(segment, request.Code, number, request.Name, request.Type, request.Definition.GetRawText(), request.Refresh, request.Purpose, request.Colour ?? DefaultColour);

    private async Task<Refusal?> Refused(Tx tx, Stamp stamp, SegmentRequest request, CancellationToken ct)
    {
        if (request.Code.Length is < 1 or > 40 || !request.Code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')) return SegmentRefusals.CodeInvalid;
        if (Check.First(Check.Text(request.Name, "/name"), Check.Text(request.Purpose, "/purpose", 60)) is { } text) return text;
        if (!SegmentData.Types.Contains(request.Type)) return SegmentRefusals.Choice("/type", SegmentData.Types);
        if (!SegmentData.Refreshes.Contains(request.Refresh)) return SegmentRefusals.Choice("/refresh", SegmentData.Refreshes);
        if (request.Colour is { } colour && !(colour.Length == 7 && colour[0] == '#' && colour.Skip(1).All(char.IsAsciiHexDigit))) return SegmentRefusals.ColourInvalid;
        var read = await function.Read(tx, request.Definition, action => stamp.May($"{function.Code}.{action}"), ct);
        if (read.IsRefused) return read.Refusal;
        var used = read.Value.Conditions.Select(condition => function.Catalogue.SourceOf(condition.Measure)?.Name).ToHashSet();
        return request.Type == "rfm" && !used.Contains(SaleMeasures.Rfm.Name) ? SegmentRefusals.TypeNeeds("rfm", "a score or a cell of the grid")
            : request.Type == "predicted" && !used.Contains(SaleMeasures.Value.Name) ? SegmentRefusals.TypeNeeds("predicted", "the chance to stay or the expected value")
            : null;
    }

    private static object? Told(Row row, int at, MeasureType type, int exponent) => row.IsNull(at) ? null : type switch
    {
        MeasureType.Money => Shown.Money(row.Long(at), exponent),
        MeasureType.Rate => Shown.Millionths(row.Long(at)),
        MeasureType.Date => row.Date(at),
        MeasureType.Text => row.Text(at),
        _ => row.Long(at),
    };
}
