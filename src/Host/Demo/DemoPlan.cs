using Plug1.Kernel.Catalog;
using Plug1.Kernel.Values;

namespace Plug1.Host.Demo;

/// <summary>A branch of the demo company.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Zone">Time zone.</param>
/// <param name="Region">Region.</param>
/// <param name="Sales">Sales on a day of average trade.</param>
/// <param name="OpenOnSunday">Whether it trades on Sundays.</param>
/// <param name="Terminals">Its tills: code, name, and whether prices are without tax.</param>
internal sealed record PlannedBranch(string Code, string Name, string Zone, string Region, int Sales, bool OpenOnSunday, IReadOnlyList<(string Code, string Name, bool Net)> Terminals)
{
    public Guid Id { get; init; }

    public Guid Warehouse { get; init; }

    public TimeZoneInfo TimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById(Zone);
}

/// <summary>A category with the names its items are made of. Prices in cents; weight says how often an item of it is bought.</summary>
internal sealed record PlannedCategory(
    string Code, string Name, string Parent, string Tax, string Unit, Tracking Tracking, Valuation Valuation, int From, int To, int Weight, string[] First, string[] Second)
{
    public Guid Id { get; init; }
}

/// <summary>An item for sale with what the generator must know of it. Price and cost in cents.</summary>
internal sealed record PlannedItem(Guid Id, string Sku, string Name, PlannedCategory Category, int Price, int Cost, int Weight, string Barcode)
{
    public bool ByWeight => Category.Unit == "KG";
}

/// <summary>What the demo company is: places, goods, people. All names are invented.</summary>
internal static class DemoPlan
{
    public const string Company = "Hill & Harbour Stores", Password = "plug1-demo";

    public const int Days = 90;

    public static readonly IReadOnlyList<PlannedBranch> Branches =
    [
        new("NG", "Northgate", "Europe/Berlin", "Centre", 82, false, [("T1", "Till 1", false), ("T2", "Till 2", false), ("T3", "Till 3", false)]),
        new("HB", "Harbour", "Europe/Lisbon", "West", 66, true, [("T4", "Till 1", false), ("T5", "Till 2", false)]),
        new("EF", "Eastfield", "Europe/Athens", "East", 54, true, [("T6", "Till 1", false), ("T7", "Trade counter", true)]),
    ];

    public static readonly IReadOnlyList<(string Code, string Name)> Departments = [("FOOD", "Food"), ("HOME", "Home"), ("TECH", "Technology"), ("READ", "Reading and writing")];

    public static readonly IReadOnlyList<PlannedCategory> Categories =
    [
        new("BAKERY", "Bakery", "FOOD", "REDUCED", "EA", Tracking.None, Valuation.Average, 80, 620, 30, ["Rye", "Spelt", "Seed", "Butter", "Walnut", "Oat"], ["loaf", "roll", "crown", "stick"]),
        new("FRUIT", "Fruit and vegetables", "FOOD", "REDUCED", "KG", Tracking.None, Valuation.Average, 120, 690, 34, ["Red", "Green", "Golden", "Early", "Sweet", "Garden"], ["apples", "pears", "tomatoes", "carrots", "grapes"]),
        new("DAIRY", "Dairy and chilled", "FOOD", "REDUCED", "EA", Tracking.Lot, Valuation.Average, 90, 780, 22, ["Meadow", "Alpine", "Farm", "Valley"], ["milk", "yoghurt", "cream cheese", "butter"]),
        new("COFFEE", "Coffee and tea", "FOOD", "STANDARD", "EA", Tracking.None, Valuation.Fifo, 350, 1690, 12, ["Dark", "Mild", "House", "Island", "Morning"], ["roast", "espresso", "green tea", "herbal tea"]),
        new("PANTRY", "Pantry", "FOOD", "REDUCED", "EA", Tracking.None, Valuation.Average, 110, 890, 24, ["Plain", "Whole", "Fine", "Country", "Sun", "Stone"], ["flour", "pasta", "rice", "lentils", "honey"]),
        new("KITCHEN", "Kitchen", "HOME", "STANDARD", "EA", Tracking.None, Valuation.Average, 490, 5900, 8, ["Copper", "Oak", "Enamel", "Glass", "Slate", "Linen"], ["bowl", "pan", "board", "jug", "towel", "tray"]),
        new("CLEANING", "Cleaning", "HOME", "STANDARD", "EA", Tracking.None, Valuation.Average, 190, 1290, 12, ["Citrus", "Pine", "Neutral", "Strong"], ["soap", "cleaner", "sponges", "brush", "powder"]),
        new("GARDEN", "Garden", "HOME", "STANDARD", "EA", Tracking.None, Valuation.Average, 290, 3900, 7, ["Terrace", "Balcony", "Herb", "Wild", "Autumn"], ["pot", "seeds", "gloves", "trowel", "lantern"]),
        new("SMALL", "Small appliances", "TECH", "STANDARD", "EA", Tracking.Serial, Valuation.Average, 2900, 18900, 1, ["Swift", "Quiet", "Compact", "Pro"], ["kettle", "toaster", "mixer"]),
        new("ACCESS", "Accessories", "TECH", "STANDARD", "EA", Tracking.None, Valuation.Average, 390, 4900, 6, ["Short", "Long", "Braided", "Flat", "Travel"], ["cable", "charger", "adapter", "lamp", "holder"]),
        new("BOOKS", "Books", "READ", "ZERO", "EA", Tracking.None, Valuation.Average, 690, 3900, 8, ["The quiet", "A winter", "Last summer's", "The glass", "Seven", "Letters from the"], ["river", "orchard", "harbour", "mountain"]),
        new("PAPER", "Stationery", "READ", "STANDARD", "EA", Tracking.None, Valuation.Average, 90, 1890, 9, ["Dotted", "Lined", "Soft", "Fine", "Round"], ["notebook", "pencil", "marker", "folder", "envelope"]),
    ];

    /// <summary>How the days of the week compare with the average, in hundredths, from Sunday.</summary>
    public static readonly int[] OfWeekday = [62, 84, 80, 88, 98, 128, 148];

    /// <summary>How the hours from 8 to 19 compare.</summary>
    public static readonly int[] OfHour = Dice.Cumulative([4, 7, 9, 11, 12, 10, 8, 8, 10, 12, 8, 4]);

    private static readonly string[] GivenNames =
    [
        "Ada", "Boris", "Clara", "Dario", "Edith", "Fabian", "Greta", "Hugo", "Irena", "Jonas", "Karin", "Leon", "Mira", "Nils", "Olga", "Pavel", "Rita", "Simon", "Tilda", "Vera",
    ];

    private static readonly string[] FirstSyllables = ["Ar", "Bel", "Cor", "Dor", "El", "Fen", "Gal", "Hol", "Ist", "Kar", "Lan", "Mor", "Nor", "Ost", "Per", "Ros", "Sal", "Tor"];

    private static readonly string[] LastSyllables = ["berg", "dale", "field", "gren", "haus", "ik", "lund", "mann", "nova", "ovic", "quist", "sen", "stad", "ton", "wick", "za"];

    /// <summary>An invented name of a person.</summary>
    public static string Person(Dice dice) => $"{dice.Of(GivenNames)} {Family(dice)}";

    /// <summary>An invented family name.</summary>
    public static string Family(Dice dice) => dice.Of(FirstSyllables) + dice.Of(LastSyllables);

    /// <summary>The items: every first word with every second, priced within the span of the category, cost 52 to 68 % of the price without tax.</summary>
    public static IReadOnlyList<PlannedItem> Items(IReadOnlyList<PlannedCategory> categories, TimeProvider clock, Dice dice)
    {
        var items = new List<PlannedItem>();
        foreach (var category in categories)
        {
            foreach (var second in category.Second)
            {
                foreach (var first in category.First)
                {
                    var number = items.Count + 1;
                    // Prices end in 9 or 5, as prices do.
                    var price = (int)(dice.Between(category.From, category.To) / 10 * 10) + (dice.In1000(700) ? 9 : 5);
                    var share = category.Tax switch { "STANDARD" => 120, "REDUCED" => 110, _ => 100 };
                    var cost = Math.Max(1, (int)(price * dice.Between(52, 68) / share));
                    items.Add(new PlannedItem(Ids.New(clock), $"{category.Code[..2]}{number:0000}", $"{first} {second}", category, price, cost, (int)(category.Weight * dice.Between(2, 12)), Ean(number)));
                }
            }
        }

        return items;
    }

    /// <summary>A barcode of 13 digits in the range that shops use for themselves, with the check digit of EAN-13.</summary>
    public static string Ean(int number)
    {
        var digits = $"20{number:0000000000}";
        var sum = 0;
        for (var at = 0; at < 12; at++) sum += (digits[at] - '0') * (at % 2 == 0 ? 1 : 3);
        return digits + (10 - (sum % 10)) % 10;
    }

    /// <summary>What trade on a day is against the average, in ten-thousandths: weekday, a slow wave over the quarter, a little growth.</summary>
    /// <param name="day">The day.</param>
    /// <param name="at">Its place in the period, from 0.</param>
    public static int Factor(DateOnly day, int at)
    {
        // A wave of four weeks as a triangle, 94 to 106 %: paydays; and 12 % growth over the period.
        var phase = at % 28;
        var wave = 94 + (phase < 14 ? phase * 12 / 14 : (28 - phase) * 12 / 14);
        var growth = 94 + (at * 12 / Days);
        return OfWeekday[(int)day.DayOfWeek] * wave * growth / 100;
    }
}
