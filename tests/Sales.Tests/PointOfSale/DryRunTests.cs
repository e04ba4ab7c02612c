using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale.Misuse;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>A rule tried on history catches what it would have caught, and the figures that it is told are those of the documents.</summary>
public class DryRunTests
{
    private static readonly DateOnly From = new(2026, 1, 1), To = new(2026, 12, 31);

    [Theory, OnBothEngines]
    public async Task A_rule_of_today_tried_on_history_catches_exactly_what_waited(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var function = shop.Of<PointOfSaleFunction>();
        await Trade(shop);
        foreach (var rule in function.ApprovalDefaults)
        {
            var tried = await Try(shop, new TriedRule(rule.Kind, rule.Action, rule.Figure, rule.Over, From, To));
            var text = rule.Figure.Length > 0 ? $"{rule.Figure} over {rule.Over}" : "always";
            var waited = await shop.Count($"""
                select count(distinct r.document_id) from approval_request r join approval_step s on s.request_id = r.id join document d on d.id = r.document_id
                where r.action = '{rule.Action}' and d.kind = '{rule.Kind}' and s.rule_text = '{text}' and s.level = {rule.Level}
                """);
            // Of two rules for one role and level the first tells its name, so the share of the variance is told by its amount.
            if (rule.Figure == "variance-rate") tried.Caught.ShouldBe(2);
            else tried.Caught.ShouldBe(waited, $"{rule.Kind} {rule.Action} {text}");
        }

        (await Try(shop, new TriedRule("cash-movement", Verb.Submit, "paid-out", 5000, From, To))).ShouldBe((4, 2, 6001 + 5001, "6001 5001"));
        (await Try(shop, new TriedRule("cash-movement", Verb.Submit, "paid-out", 5001, From, To))).ShouldBe((4, 1, 6001, "6001"));
        (await Try(shop, new TriedRule("cash-movement", Verb.Submit, "drop", 0, From, To))).ShouldBe((4, 0, 0, ""));
        (await Try(shop, new TriedRule("cash-movement", Verb.Submit, ApprovalDesk.CountToday, 2, From, To))).ShouldBe((4, 3, 5001 + 6001 + 1000, "5 4 3"), "the float is counted, but asks nobody");
        (await Try(shop, new TriedRule("sale", Verb.Reverse, "", 0, From, To))).Caught.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task Every_figure_that_is_declared_is_the_figure_of_each_document(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var function = shop.Of<PointOfSaleFunction>();
        await Trade(shop);
        var compared = new Dictionary<string, int>();
        await shop.Database.Write(async tx =>
        {
            foreach (var header in await tx.Query($"select {Sql.Raw(Headers.Columns)} from document d where d.function = {function.Code} and d.reversal_of is null order by d.id", row => Headers.Read(row)))
            {
                var own = (await function.Load(tx, header, default)).ApprovalFigures;
                foreach (var figure in function.Figures.Where(figure => figure.Kind == header.Kind))
                {
                    var told = await tx.First($"select {Sql.Raw(figure.Sql)} from document d where d.id = {header.Id}", row => row.LongOrNull(0));
                    told.ShouldBe(own.TryGetValue(figure.Name, out var value) ? value : null, $"{figure.Name} of {header.Kind} {header.Number}");
                    if (told is not null) compared[figure.Name] = compared.GetValueOrDefault(figure.Name) + 1;
                }
            }
        });
        compared.ShouldBe(new Dictionary<string, int> { ["float"] = 2, ["paid-out"] = 3, ["paid-in"] = 1, ["amount"] = 2, ["variance"] = 2, ["variance-rate"] = 2, ["redress"] = 2, ["reward"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_rule_that_can_never_hold_is_named()
    {
        await using var shop = await Shop.Open(Engine.Sqlite);
        var function = shop.Of<PointOfSaleFunction>();
        ApprovalDryRun.Impossible(function, "sale", Verb.Submit, "amount")!.At.ShouldBe("/action", "a sale asks nobody: it is paid");
        ApprovalDryRun.Impossible(function, "sale", Verb.Reverse, "paid-out")!.At.ShouldBe("/figure");
        ApprovalDryRun.Impossible(function, "shift-close", "override-price", "")!.Code.ShouldBe("RULE_NEVER_HOLDS");
        ApprovalDryRun.Impossible(function, "", Verb.Submit, "paid-out").ShouldBeNull();
        foreach (var rule in function.ApprovalDefaults) ApprovalDryRun.Impossible(function, rule.Kind, rule.Action, rule.Figure).ShouldBeNull($"{rule.Kind} {rule.Action} {rule.Figure}");
    }

    /// <summary>Two shifts: four movements beside the floats, two sales of which one is reversed, two closes that wait, three vouchers.</summary>
    private static async Task Trade(Shop shop)
    {
        var (manager, other, accountant, cashier) =
            (await shop.Person("store-manager", "maria"), await shop.Person("store-manager", "otto"), await shop.Person("accountant", "ann"), await shop.Person("cashier", "kim"));
        var shift = (await shop.OpenShift(cashier)).Value;
        foreach (var (movement, amount, waits) in new[] { ("paid-out", "30.00", false), ("paid-out", "50.01", true), ("paid-out", "60.01", true), ("paid-in", "10.00", false) })
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
            var moved = (await shop.Move(cashier, movement, amount)).Value;
            moved.Status.ShouldBe(waits ? "submitted" : "posted");
            if (waits) (await shop.Step(manager, Verb.Approve, moved.Id)).IsRefused.ShouldBeFalse();
        }

        (await shop.Sell(cashier, Shop.Single("TEA"))).IsRefused.ShouldBeFalse();
        var sold = (await shop.Sell(cashier, Shop.Single("TEA"))).Value;
        (await shop.Step(cashier, Verb.Reverse, sold.Id, "WRONG_ITEM")).IsRefused.ShouldBeFalse();
        (await shop.Step(manager, Verb.Approve, sold.Id)).IsRefused.ShouldBeFalse();
        await Close(shop, shift.Id, cashier, manager, accountant, "180.00");
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        shift = (await shop.OpenShift(cashier)).Value;
        await Close(shop, shift.Id, cashier, manager, accountant, "50.00");
        foreach (var request in new[] { Credit.Redress("50.00"), Credit.Redress("50.01"), Credit.Reward("10.00", To) }) (await shop.Issue(other, request)).IsRefused.ShouldBeFalse();
    }

    private static async Task Close(Shop shop, Guid shift, Actor cashier, Actor manager, Actor accountant, string counted)
    {
        (await shop.Count(cashier, shift, new TenderCount("CASH", counted))).IsRefused.ShouldBeFalse();
        var closed = (await shop.Close(cashier, shift)).Value;
        closed.Status.ShouldBe("submitted");
        (await shop.Step(manager, Verb.Approve, closed.Id)).IsRefused.ShouldBeFalse();
        await shop.Step(accountant, Verb.Approve, closed.Id);
        (await shop.Count($"select count(*) from document where id = '{closed.Id}' and status = 'posted'")).ShouldBe(1);
    }

    private static async Task<(long Asked, long Caught, long Amount, string Figures)> Try(Shop shop, TriedRule rule)
    {
        var (branches, first) = await shop.Database.Read(db => ApprovalDryRun.Run(db, shop.Of<PointOfSaleFunction>(), rule, new BranchScope([Shop.BranchId], true)));
        first.Count.ShouldBe((int)branches.Sum(one => one.Caught));
        return (branches.Sum(one => one.Asked), branches.Sum(one => one.Caught), branches.Sum(one => one.Amount), string.Join(' ', first.Select(one => one.Figure)));
    }
}
