using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What a till shows while a basket is being filled.</summary>
internal static class Previews
{
    public static Preview Of(PricedBasket basket, CatalogueView catalogue, Stamp stamp)
    {
        var refusals = new List<PreviewRefusal>();
        var calculation = basket.Calculation;
        string? cashDue = null;
        var (rounding, change) = (Money.Zero(basket.Currency), Money.Zero(basket.Currency));
        if (basket.Request.Tenders is { Count: > 0 })
        {
            var settled = BasketPricing.Settle(basket, catalogue);
            if (settled.Refusal is { } no)
            {
                refusals.Add(new PreviewRefusal(no.Code, no.Message, no.At));
            }
            else
            {
                cashDue = settled.Value.CashDue?.ToString();
                (rounding, change) = (settled.Value.Rounding, settled.Value.Change);
            }
        }

        var lines = basket.Lines.Select((line, at) =>
        {
            var c = calculation.Lines[at];
            return new PreviewLine(line.Item?.Sku, line.Name, line.Quantity.ToString(), line.ListPrice.ToString(), line.UnitPrice.ToString(), line.PriceSource, c.Amount.ToString(),
                (c.Amount - c.Value).ToString(), c.Net.ToString(), c.Tax.ToString(), c.Total.ToString());
        }).ToList();
        var taxes = calculation.TaxTable.SelectMany(row => row.Components.Select(component => new PreviewTax(row.Scheme.Code, component.Component.Name,
            component.Component.Rate.ToString(), component.Base.ToString(), component.Amount.ToString()))).ToList();
        return new Preview(lines, taxes, calculation.Net.ToString(), calculation.Tax.ToString(), calculation.Discount.ToString(), calculation.Total.ToString(), (calculation.Total + rounding).ToString(),
            cashDue, rounding.ToString(), change.ToString(), Approval(basket, stamp), refusals);
    }

    private static PreviewApproval? Approval(PricedBasket basket, Stamp stamp)
    {
        if (stamp.Actor.IsSystem) return null;
        var decision = basket.Authority([.. stamp.Actor.RolesAt(stamp.BranchId)], stamp.May("sales.point-of-sale.sell-below-cost"), costs: null);
        if (!decision.IsAllowed) return new PreviewApproval(decision.Reasons[0].Message, basket.HasOverrides ? "override-price" : "discount", [decision.NeededRole!]);
        return basket.HasOverrides && !stamp.May("sales.point-of-sale.override-price")
            ? new PreviewApproval("Changing a price needs a second person.", "override-price", ["store-manager"])
            : null;
    }
}
