export type Cents = number & { readonly unit: 'cents' };

export const cents = (amount: number): Cents => Math.round(amount * 100) as Cents;

export const shown = (amount: Cents): string => (amount / 100).toFixed(2);
