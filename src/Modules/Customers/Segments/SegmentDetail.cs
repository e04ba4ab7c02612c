using System.Text.Json;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>A version as it was entered, for the editor.</summary>
/// <param name="Code">Code.</param>
/// <param name="Number">Which version.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">rule, rfm or predicted.</param>
/// <param name="Definition">The rule.</param>
/// <param name="Refresh">daily, hourly or manual.</param>
/// <param name="Purpose">Purpose of consent.</param>
/// <param name="Colour">#rrggbb.</param>
/// <param name="InForce">Whether it is the version in force.</param>
/// <param name="Members">How many are in it.</param>
/// <param name="RefreshedAt">When that was told.</param>
public sealed record SegmentDetailData(
    string Code, long Number, string Name, string Type, JsonElement Definition, string Refresh, string? Purpose, string Colour, bool InForce, long Members, DateTimeOffset? RefreshedAt);

/// <summary>What the pages of segments, models and runs show.</summary>
internal static class SegmentDetail
{
    private static readonly IReadOnlyList<ReportField> RunColumns =
        [new("at", "At", "instant"), new("asOf", "As of", "date"), new("entered", "Entered", "integer"), new("left", "Left", "integer"), new("members", "Members", "integer"), new("milliseconds", "Milliseconds", "integer")];

    public static async Task<DetailView> Read(Db db, Header header, CancellationToken ct) => header.Kind switch
    {
        RfmModelDocument.Kind => Of(await RfmModelDocument.Load(db, header, ct)),
        ValueModelDocument.Kind => Of(await ValueModelDocument.Load(db, header, ct)),
        RefreshDocument.Kind => await Run(db, header, ct),
        _ => await Version(db, header, ct),
    };

    private static async Task<DetailView> Version(Db db, Header header, CancellationToken ct)
    {
        var found = SegmentTables.Of(db, header.Id);
        var state = db.Later($"select s.current_id, s.members, s.refreshed_at from segment_version v join segment s on s.id = v.segment_id where v.document_id = {header.Id}",
            row => (Current: row.GuidOrNull(0), Members: row.Long(1), At: row.InstantOrNull(2)));
        var runs = db.Later($"""
            select d.posted_at, r.as_of, r.entered, r.left_, r.members, r.milliseconds from segment_refresh r join document d on d.id = r.document_id
            where r.segment_id = (select segment_id from segment_version where document_id = {header.Id}) order by d.posted_at desc, r.document_id limit 20
            """, row => new object?[] { row.InstantOrNull(0), row.Date(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5) });
        await db.Flush(ct);
        var (data, now) = (found.Value[0], state.Value[0]);
        var current = now.Current == header.Id;
        var section = new DetailSection("Segment",
        [
            new("Code", data.Code, "text"), new("Version", data.Number, "integer"), new("Name", data.Name, "text"), new("Type", data.Type, "text"), new("Refresh", data.Refresh, "text"),
            new("Purpose", data.Purpose, "text"), new("Members", current ? now.Members : null, "integer"), new("Refreshed", current ? now.At : null, "instant"),
        ]);
        return new DetailView([section], [new DetailTable("runs", "Refreshes", RunColumns, runs.Value)], current ? "in force" : null,
            new SegmentDetailData(data.Code, data.Number, data.Name, data.Type, data.Tree, data.Refresh, data.Purpose, data.Colour, current, now.Members, now.At));
    }

    private static DetailView Of(RfmModelDocument document)
    {
        var model = document.Model;
        var section = new DetailSection("Model of scores",
            [new("Version", document.Number, "integer"), new("Scores", (long)model.Bins, "integer"), new("Scoring", model.Scoring == RfmScoring.Bands ? "bands" : "rank", "text"), new("Months that count", (long)model.WindowMonths, "integer")]);
        var grid = new DetailTable("grid", "Grid", [new("cell", "Cell", "text"), new("recency", "Recency", "text"), new("value", "Frequency and money", "text")],
            [.. model.Grid.Select(cell => new object?[] { cell.Name, $"{cell.RFrom} to {cell.RTo}", $"{cell.FmFrom} to {cell.FmTo}" })]);
        return new DetailView([section], [grid]);
    }

    private static DetailView Of(ValueModelDocument document)
    {
        var model = document.Model;
        return new DetailView([new DetailSection("Model of value",
        [
            new("Fitted on", model.FittedOn, "date"), new("Customers", model.Customers, "integer"), new("Customers who came back", model.RepeatCustomers, "integer"), new("Error over the last 13 weeks", model.HoldOutError, "rate"),
            new("Months", (long)model.HorizonMonths, "integer"), new("Discount of a month", model.MonthlyRate.Millionths, "rate"), new("r", Figure(model.Purchases.R), "text"), new("alpha", Figure(model.Purchases.Alpha), "text"),
            new("a", Figure(model.Purchases.A), "text"), new("b", Figure(model.Purchases.B), "text"), new("p", Figure(model.Spend.P), "text"), new("q", Figure(model.Spend.Q), "text"), new("v", Figure(model.Spend.V), "text"),
        ])], []);
    }

    private static string Figure(double value) => value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<DetailView> Run(Db db, Header header, CancellationToken ct)
    {
        var fields = await db.First($"""
            select s.code, r.as_of, r.evaluated, r.entered, r.left_, r.members, r.milliseconds from segment_refresh r join segment s on s.id = r.segment_id where r.document_id = {header.Id}
            """, row => new DetailField[]
            {
                new("Segment", row.Text(0), "text"), new("As of", row.Date(1), "date"), new("Customers looked at", row.Long(2), "integer"), new("Entered", row.Long(3), "integer"), new("Left", row.Long(4), "integer"),
                new("Members", row.Long(5), "integer"), new("Milliseconds", row.Long(6), "integer"),
            }, ct);
        return new DetailView([new DetailSection("Refresh", fields!)], []);
    }
}
