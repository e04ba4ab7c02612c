using Plug1.Kernel.Analytics;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Analytics;

public class HeatmapTests
{
    [Fact]
    public void All_in_one_cell_is_as_concentrated_as_it_gets()
    {
        var map = Heatmap.Of([("Friday", "17", 40), ("Friday", "17", 2)], Heatmap.Weekdays, Heatmap.Hours);
        map.Total.ShouldBe(42);
        map.Counts[4][17].ShouldBe(42);
        map.Gini.ShouldBe(167.0 / 168, 1e-12);
        map.TopFifthShare.ShouldBe(1);
        map.CellsForMost.ShouldBe(1);
        map.Fullest.ShouldBe([new HeatmapCell("Friday", "17", 42, 1)]);
    }

    [Fact]
    public void The_same_in_every_cell_is_no_concentration()
    {
        var map = Heatmap.Of(from row in (string[])["A", "B"] from column in (string[])["x", "y", "z", "u", "v"] select (row, column, 7L));
        map.Gini.ShouldBe(0, 1e-12);
        map.TopFifthShare.ShouldBe(0.2, 1e-12);
        map.CellsForMost.ShouldBe(8);
    }

    [Fact]
    public void A_worked_example_has_the_figures_done_by_hand()
    {
        // 1, 2, 3, 4, 10: gini = (-4*1 - 2*2 + 0*3 + 2*4 + 4*10) / (5 * 20) = 0.40; the fullest holds half; 10 + 4 + 3 of 20 is over four fifths.
        var map = Heatmap.Of([("r", "a", 1), ("r", "b", 2), ("r", "c", 3), ("r", "d", 4), ("r", "e", 10)]);
        map.Gini.ShouldBe(0.40, 1e-12);
        map.TopFifthShare.ShouldBe(0.5, 1e-12);
        map.CellsForMost.ShouldBe(3);
        map.Fullest[0].ShouldBe(new HeatmapCell("r", "e", 10, 0.5));
    }

    [Fact]
    public void Nothing_is_not_concentrated_and_what_is_off_the_map_is_an_error()
    {
        var empty = Heatmap.Of([]);
        (empty.Total, empty.Gini, empty.TopFifthShare, empty.CellsForMost).ShouldBe((0, 0, 0, 0));
        Should.Throw<ArgumentException>(() => Heatmap.Of([("Funday", "01", 1)], Heatmap.Weekdays, Heatmap.Hours)).Message.ShouldContain("Funday");
        Should.Throw<ArgumentException>(() => Heatmap.Of([("a", "b", -1)]));
    }
}
