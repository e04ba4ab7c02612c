using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Books.YearEnd;

/// <summary>Previews the close of a year and hands it in.</summary>
internal sealed class YearEnds(CommandRunner runner, YearEndFunction function, YearEndChecks checks, OrganisationBook organisation, LifecycleDesk lifecycle, Database database)
{
    /// <summary>What closing would do, with all checks.</summary>
    public async Task<Result<YearEndPreview>> Preview(Stamp stamp, DateOnly lastDay, CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        return await database.Read<Result<YearEndPreview>>(async db =>
        {
            var found = await checks.Year(db, lastDay, stamp.BusinessDate, ct);
            if (found.IsRefused) return found.Refusal;
            var year = found.Value;
            IReadOnlyList<YearEndCheck> told = [.. await checks.Quick(db, year, ct), await checks.Ledger(db, ct)];
            var exponent = view.Company.Currency.Exponent;
            return new YearEndPreview(year.FirstDay, year.LastDay, view.Company.Currency.Code, Shown.Money(-year.Sums.Where(sum => sum.Kind == "income").Sum(sum => sum.Amount), exponent),
                Shown.Money(year.Sums.Where(sum => sum.Kind == "expense").Sum(sum => sum.Amount), exponent), Shown.Money(year.Result, exponent), told.All(check => check.Holds) && year.Sums.Count > 0, told,
                [.. year.Sums.Select(sum => new YearEndLine(view.Branch(sum.Branch).Code, sum.Account, sum.Name, sum.Kind, sum.Amount < 0 ? Shown.Money(-sum.Amount, exponent) : null, sum.Amount > 0 ? Shown.Money(sum.Amount, exponent) : null))]);
        }, ct);
    }

    /// <summary>Prepares the close of a year and hands it in. The whole ledger is checked before, outside the transaction.</summary>
    public async Task<Result<Answer>> Create(CommandCall call, YearEndRequest request, CancellationToken ct = default)
    {
        var ready = call.Actor.May($"{function.Code}.create", call.BranchId) && request.LastDay.Year is >= 1990 and < 2200
            ? await database.Read(db => checks.Ledger(db, ct), ct) : null;
        return await runner.Run(call, function.Code, "create", 201, (tx, stamp) => Within(tx, stamp, request, ready, ct), ct);
    }

    private async Task<Result<YearEndAnswer>> Within(Tx tx, Stamp stamp, YearEndRequest request, YearEndCheck? ledger, CancellationToken ct)
    {
        if (Check.Text(request.Text, "/text") is { } no) return no;
        var year = await checks.Year(tx, request.LastDay, stamp.BusinessDate, ct);
        if (year.IsRefused) return year.Refusal;
        if (ledger is { Holds: false }) return YearEndRefusals.NotReady([ledger]);
        var currency = (await organisation.Get(ct)).Company.Currency;
        var header = Header.Draft(Ids.New(runner.Clock), function.Code, YearEndDocument.Kind, stamp, currency.Code);
        (header.BusinessDate, header.Total, header.Note) = (request.LastDay, year.Value.Result, request.Text);
        var document = function.Of(header, year.Value.FirstDay, year.Value.LastDay);
        Headers.Insert(tx, header);
        YearEndDocument.Insert(tx, header.Id, year.Value);
        var submitted = await lifecycle.Submit(tx, stamp, document, ct);
        if (submitted.IsRefused) return submitted.Refusal;
        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "create", header.Kind, header.Id, After: document.Snapshot), runner.Clock);
        return new YearEndAnswer(header.Id, header.Number, header.Status, header.Version, Shown.Money(header.Total, currency.Exponent), submitted.Value.WaitsFor);
    }
}
