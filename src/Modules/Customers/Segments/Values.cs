using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>Fits the model of value, tells what each customer is worth by it, and what stands in without one.</summary>
internal sealed class CustomerValues(Database database, OrganisationBook organisation, CommandRunner runner)
{
    private const int RowsAtOnce = 20_000;
    private const int FallbackMonths = 12;

    private static readonly Table Rows = new("customer_value", ("party_id", Kind.Id), ("as_of", Kind.Date), ("repeats", Kind.Long), ("alive", Kind.Long), ("purchases", Kind.Long), ("spend", Kind.Long), ("expected", Kind.Long));

    /// <summary>What a customer is expected to bring, as of now.</summary>
    public async Task<Result<CustomerValueAnswer>> Of(Stamp stamp, Guid party, CancellationToken ct = default)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        return await database.Read(async db =>
        {
            if (await db.First($"select coalesce(canonical_id, id) from party where id = {party}", row => (Guid?)row.Guid(0), ct) is not { } id) return SegmentRefusals.PartyUnknown;
            var question = await SegmentDesk.Question(db, stamp, ct);
            var found = db.Later(ValueSql.Histories(question, id), row => HistoryOf(row, currency));
            var stands = db.Later($"select f.cell, f.trailing, f.kept from ({ValueSql.Fallback(question)}) f where f.party_id = {id}", row => (Cell: row.Text(0), Net: row.Long(1), Kept: row.Long(2)));
            await db.Flush(ct);
            var (history, now) = (found.Value.FirstOrDefault(), stands.Value.FirstOrDefault());
            var (cell, repeats) = (now.Cell ?? "", history?.Repeats ?? 0L);
            if (history is null || await ValueModelDocument.InForce(db, ct) is not { } model)
            {
                var expected = Clv.Fallback(new Money(now.Net, currency), new Rate(now.Kept));
                return Result.Of(new CustomerValueAnswer(party, stamp.BusinessDate, "fallback", cell, repeats, null, null, null, expected.ToString(), FallbackMonths));
            }

            var worth = model.Of(history);
            return Result.Of(new CustomerValueAnswer(party, stamp.BusinessDate, "model", cell, repeats, Shown.Millionths(Worth.Millionths(worth.Alive)), Shown.Millionths(Worth.Millionths(worth.Purchases)),
                Amount(worth.Spend), Amount(worth.Expected), model.HorizonMonths));
        }, ct);

        string Amount(double value) => Shown.Money(Worth.Minor(value, currency), currency.Exponent);
    }

    /// <summary>Fits a model to all customers, and one to those of 13 weeks ago to tell how far it is off.</summary>
    /// <returns>Refused with <c>SEGMENTS_MODEL_DATA</c>.</returns>
    public async Task<Result<ValueModel>> Fit(Stamp stamp, int horizonMonths, Rate monthlyRate, CancellationToken ct = default)
    {
        var histories = await Histories(stamp, stamp.BusinessDate, ct);
        var repeats = histories.Count(one => one.Repeats > 0);
        if (!Clv.IsEnough(histories)) return SegmentRefusals.ModelData(repeats);
        var (purchases, spend) = (BgNbd.Fit(histories), GammaGamma.Fit(histories));
        ct.ThrowIfCancellationRequested();
        var error = await HoldOut(stamp, histories, ct);
        return new ValueModel(purchases.Parameters, spend.Parameters, stamp.BusinessDate, purchases.LogLikelihood, purchases.Customers, repeats, error, horizonMonths, monthlyRate);
    }

    /// <summary>Writes what the model in force, or what stands in for it, says of all customers, in place of what it said before.</summary>
    /// <returns>How many customers.</returns>
    public async Task<long> Write(Tx tx, Stamp stamp, CancellationToken ct = default)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        var question = await SegmentDesk.Question(tx, stamp, ct);
        tx.Stage($"delete from customer_value");
        if (await ValueModelDocument.InForce(tx, ct) is not { } model)
        {
            return await tx.Execute($"""
                insert into customer_value (party_id, as_of, repeats, alive, purchases, spend, expected)
                select f.party_id, {stamp.BusinessDate}, 0, 1000000, 0, 0, case when f.trailing > 0 then (2 * f.trailing * f.kept + 1000000) / 2000000 else 0 end from ({ValueSql.Fallback(question)}) f
                """, ct);
        }

        var found = await tx.Query(ValueSql.Histories(question), row => (Party: row.Guid(0), History: HistoryOf(row, currency, 1)), ct);
        // Customers with equal histories are reckoned once.
        var known = new Dictionary<PurchaseHistory, Worth>();
        foreach (var chunk in found.Chunk(RowsAtOnce))
        {
            tx.Insert(Rows, [.. chunk.Select(one =>
            {
                if (!known.TryGetValue(one.History, out var worth)) known[one.History] = worth = model.Of(one.History);
                return new object?[]
                {
                    one.Party, stamp.BusinessDate, (long)one.History.Repeats, Worth.Millionths(worth.Alive), Worth.Millionths(worth.Purchases), Worth.Minor(worth.Spend, currency), Worth.Minor(worth.Expected, currency),
                };
            })]);
            await tx.Flush(ct);
        }

        return found.Count;
    }

    /// <summary>Brings a model into force and writes what it says.</summary>
    public async Task<Result<Guid>> Keep(Tx tx, Stamp stamp, ValueModel model, CancellationToken ct = default)
    {
        var written = await ValueModelDocument.Write(tx, stamp, model, (await organisation.Get(ct)).Company.Currency, runner.Clock, ct);
        if (!written.IsRefused) await Write(tx, stamp, ct);
        return written;
    }

    private async Task<List<PurchaseHistory>> Histories(Stamp stamp, DateOnly asOf, CancellationToken ct)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        return await database.Read(async db => await db.Query(ValueSql.Histories(await SegmentDesk.Question(db, stamp with { BusinessDate = asOf }, ct)), row => HistoryOf(row, currency, 1), ct), ct);
    }

    private async Task<long?> HoldOut(Stamp stamp, List<PurchaseHistory> histories, CancellationToken ct)
    {
        var days = ValueModel.HoldOutWeeks * 7;
        var before = await Histories(stamp, stamp.BusinessDate.AddDays(-days), ct);
        if (!Clv.IsEnough(before)) return null;
        var fit = BgNbd.Fit(before).Parameters;
        var predicted = before.GroupBy(one => (one.Repeats, one.LastDays, one.AgeDays)).Sum(group => group.Count() * BgNbd.Expected(fit, group.Key.Repeats, group.Key.LastDays / 7.0, group.Key.AgeDays / 7.0, ValueModel.HoldOutWeeks));
        // Of those who were customers then: their days since are all days they have now less those they had.
        var actual = histories.Where(one => one.AgeDays >= days).Sum(one => (double)one.Repeats) - before.Sum(one => (double)one.Repeats);
        return actual <= 0 ? null : Worth.Millionths(Math.Abs(predicted - actual) / actual);
    }

    private static PurchaseHistory HistoryOf(Row row, Currency currency, int at = 1) => new(row.Int(at), row.Int(at + 1), row.Int(at + 2), new Money(row.Long(at + 3), currency));
}

/// <summary>How a fit was asked for.</summary>
internal sealed record FitInput(int HorizonMonths, long MonthlyRate);

/// <summary>A fit that somebody asked for.</summary>
internal sealed class FitWork(CustomerValues values, CommandRunner runner) : WorkHandler
{
    public const string WorkKind = "segments-fit";

    public override string Kind => WorkKind;

    public override string Function => SegmentFunction.FunctionCode;

    public override string Action => "fit";

    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        if (run.Checkpoint is { } done) return done;
        var (stamp, input) = (await runner.StampOf(run.Call, ct), run.Input<FitInput>());
        run.Tell(0, 2, "Fitting the model");
        var fitted = await values.Fit(stamp, input.HorizonMonths, new Rate(input.MonthlyRate), ct);
        if (fitted.IsRefused) return fitted.Refusal;
        run.Tell(1, 2, "Telling what customers are worth");
        var kept = await run.Step(async tx =>
        {
            var written = await values.Keep(tx, stamp, fitted.Value, ct);
            return written.IsRefused ? written.Refusal : JsonSerializer.Serialize(new { documentId = written.Value, customers = fitted.Value.Customers }, runner.Json);
        }, ct);
        return kept.IsRefused ? kept.Refusal : run.Checkpoint!;
    }
}
