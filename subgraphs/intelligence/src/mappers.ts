import type { Order, OrderItem, Shipment } from '../generated/prisma/client.ts'

// The parent of a field resolver is the database row.
export type CustomerModel = { id: string }
export type OrderModel = Order
export type OrderItemModel = OrderItem & { currencyCode: string }
export type ShipmentModel = Shipment
