// What cards add up to, for showing hands while they are being dealt. The server alone decides what counts.

const rank = (code) => code.slice(0, -1);
const worth = (code) => (rank(code) === "A" ? 1 : Number(rank(code)) || 10);

// { total, soft } of some cards; soft if an ace counts 11.
export function value(cards) {
  const hard = cards.reduce((sum, code) => sum + worth(code), 0);
  const soft = hard <= 11 && cards.some((code) => rank(code) === "A");
  return { total: soft ? hard + 10 : hard, soft };
}

// "7/17" while a soft hand may still move, else the one total that counts.
export function totalText(cards, settled) {
  const { total, soft } = value(cards);
  return soft && total < 21 && !settled ? `${total - 10}/${total}` : String(total);
}
