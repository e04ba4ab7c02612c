using System.Globalization;
using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>A fitted model of what customers will bring.</summary>
/// <param name="Purchases">How often they buy and whether they stay.</param>
/// <param name="Spend">What they spend on a day on which they buy.</param>
/// <param name="FittedOn">As of which day.</param>
/// <param name="LogLikelihood">Of the purchases.</param>
/// <param name="Customers">Customers used.</param>
/// <param name="RepeatCustomers">Those of them who came back.</param>
/// <param name="HoldOutError">|predicted − actual| ÷ actual over the last 13 weeks, in millionths; null when too few were customers before them.</param>
/// <param name="HorizonMonths">Months whose sales count.</param>
/// <param name="MonthlyRate">Discount of a month.</param>
internal sealed record ValueModel(
    BgNbdParameters Purchases, GammaGammaParameters Spend, DateOnly FittedOn, double LogLikelihood, long Customers, long RepeatCustomers, long? HoldOutError, int HorizonMonths, Rate MonthlyRate)
{
    /// <summary>The weeks that the error is told over.</summary>
    public const int HoldOutWeeks = 13;

    private const double DaysAWeek = 7;

    /// <summary>What it says of a customer.</summary>
    public Worth Of(PurchaseHistory history)
    {
        var (last, age) = (history.LastDays / DaysAWeek, history.AgeDays / DaysAWeek);
        var spend = GammaGamma.Spend(Spend, history.Repeats, GammaGamma.MeanSpend(history));
        return new Worth(
            BgNbd.Alive(Purchases, history.Repeats, last, age), BgNbd.Expected(Purchases, history.Repeats, last, age, HoldOutWeeks), spend,
            Clv.Discounted(Purchases, history.Repeats, last, age, spend, HorizonMonths, MonthlyRate));
    }
}

/// <summary>What a model says of a customer; amounts in major units.</summary>
/// <param name="Alive">Chance that they are still one.</param>
/// <param name="Purchases">Purchases expected in 13 weeks.</param>
/// <param name="Spend">Expected spend of one.</param>
/// <param name="Expected">Expected sales of the horizon, discounted.</param>
internal readonly record struct Worth(double Alive, double Purchases, double Spend, double Expected)
{
    /// <summary>A share or a number as millionths.</summary>
    public static long Millionths(double value) => (long)Math.Round(value * 1e6, MidpointRounding.AwayFromZero);

    /// <summary>An amount in minor units.</summary>
    public static long Minor(double value, Currency currency) => (long)Math.Round(value * Math.Pow(10, currency.Exponent), MidpointRounding.AwayFromZero);
}

/// <summary>A version of the model of value. A fit makes and posts it.</summary>
internal sealed class ValueModelDocument(Header header, ValueModel model) : Document(header)
{
    public const string Kind = "value-model";

    private static readonly Table Rows = new("value_model",
        ("document_id", Kernel.Storage.Kind.Id), ("version", Kernel.Storage.Kind.Long), ("parameters", Kernel.Storage.Kind.Text), ("fitted_on", Kernel.Storage.Kind.Date),
        ("log_likelihood", Kernel.Storage.Kind.Text), ("customers", Kernel.Storage.Kind.Long), ("repeat_customers", Kernel.Storage.Kind.Long), ("holdout_error", Kernel.Storage.Kind.Long),
        ("horizon_months", Kernel.Storage.Kind.Long), ("monthly_rate", Kernel.Storage.Kind.Long));

    public ValueModel Model => model;

    public override string Snapshot => JsonSerializer.Serialize(new { Header.Status, Header.Number, model.Purchases, model.Spend, model.FittedOn, model.HorizonMonths }, JsonSerializerOptions.Web);

    /// <summary>Brings it into force.</summary>
    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var before = await tx.First($"select document_id from value_model where active", row => (Guid?)row.Guid(0), ct);
        await Versions.Supersede(tx, Header.Function, before, stamp, ct);
        tx.Stage($"update value_model set active = {false} where active");
        tx.Stage($"update value_model set active = {true} where document_id = {Header.Id}");
        Kernel.Reporting.Facts.Stage(tx, stamp, FactsOf(Status.Posted, 0));
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(SegmentRefusals.NotReversed);

    /// <summary>Without a version in force, the fallback figure stands in.</summary>
    public override async Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (verb == Verb.Reopen && await tx.Number($"select count(*) from value_model where active", ct) > 0) return SegmentRefusals.Superseded;
        if (verb is Verb.Close or Verb.Reopen) tx.Stage($"update value_model set active = {verb == Verb.Reopen} where document_id = {Header.Id}");
        return Result.Done;
    }

    /// <summary>Makes and posts a version.</summary>
    public static async Task<Result<Guid>> Write(Tx tx, Stamp stamp, ValueModel model, Currency currency, TimeProvider clock, CancellationToken ct)
    {
        var header = Header.Draft(Ids.New(clock), SegmentFunction.FunctionCode, Kind, stamp, currency.Code);
        var number = 1 + await tx.Number($"select coalesce(max(version), 0) from value_model", ct);
        header.Number = Versions.NumberOf("VALUE", number);
        tx.Insert(Rows,
        [[
            header.Id, number, JsonSerializer.Serialize(new Parameters(model.Purchases, model.Spend)), model.FittedOn, model.LogLikelihood.ToString("R", CultureInfo.InvariantCulture), model.Customers,
            model.RepeatCustomers, model.HoldOutError, (long)model.HorizonMonths, model.MonthlyRate.Millionths,
        ]]);
        header.MoveTo(Status.Submitted, stamp);
        header.MoveTo(Status.Approved, stamp);
        var posted = await LifecycleDesk.PostNow(tx, stamp, new ValueModelDocument(header, model), ct);
        if (posted.IsRefused) return posted.Refusal;
        Headers.Insert(tx, header);
        await tx.Flush(ct);
        return header.Id;
    }

    /// <summary>The model in force, or null.</summary>
    public static Task<ValueModel?> InForce(Db db, CancellationToken ct) => First(db, $"active", ct);

    public static async Task<ValueModelDocument> Load(Db db, Header header, CancellationToken ct) => new(header, (await First(db, $"document_id = {header.Id}", ct))!);

    private static Task<ValueModel?> First(Db db, Sql where, CancellationToken ct) => db.First($"""
        select parameters, fitted_on, log_likelihood, customers, repeat_customers, holdout_error, horizon_months, monthly_rate from value_model where {where}
        """, row =>
        {
            var parameters = JsonSerializer.Deserialize<Parameters>(row.Text(0))!;
            return new ValueModel(parameters.Purchases, parameters.Spend, row.Date(1), double.Parse(row.Text(2), CultureInfo.InvariantCulture), row.Long(3), row.Long(4), row.LongOrNull(5), row.Int(6), new Rate(row.Long(7)));
        }, ct);

    private sealed record Parameters(BgNbdParameters Purchases, GammaGammaParameters Spend);
}
